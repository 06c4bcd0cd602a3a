/// The program's entry and the composition root: what is made, in which order, and in which order it is
/// closed. Roles of processes, data directory, ahead-of-time caches.
///
/// Threads: the main thread and the shutdown hook. Imports: everything.
@NullMarked
package baton;

import org.jspecify.annotations.NullMarked;
