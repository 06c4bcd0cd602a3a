/// The engine on libwasmtime's C API, bound by the Foreign Function and Memory API; and the runner of the
/// compiler, which is WebAssembly too.
///
/// Threads: as the seam says; a wrong pointer ends the process, so only this package knows the library's
/// layouts. Imports: `engine`, `engine.wasi`, `posix`.
@NullMarked
package baton.engine.wasmtime;

import org.jspecify.annotations.NullMarked;
