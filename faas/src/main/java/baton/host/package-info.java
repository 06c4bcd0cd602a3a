/// Language hosts: warm processes that run one function each in its own language, and the frames spoken with
/// them.
@NullMarked
package baton.host;

import org.jspecify.annotations.NullMarked;
