/// The program's entry and the composition root: what is made, in which order, and in which order it is
/// closed.
@NullMarked
package baton;

import org.jspecify.annotations.NullMarked;
