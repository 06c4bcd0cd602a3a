/// WASI preview 1 for functions: stdio, arguments, environment, clocks, random numbers and polling, without
/// a filesystem. One implementation over [baton.engine.wasi.GuestMemory] serves every engine.
///
/// Threads: a context belongs to the runner's thread. Imports: `posix`, for the buffer that takes the
/// output.
@NullMarked
package baton.engine.wasi;

import org.jspecify.annotations.NullMarked;
