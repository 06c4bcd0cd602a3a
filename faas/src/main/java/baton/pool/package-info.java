/// The gateway's view of its workers: starting, watching and replacing them, and choosing one for a
/// connection.
@NullMarked
package baton.pool;

import org.jspecify.annotations.NullMarked;
