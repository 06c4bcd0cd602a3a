/// The pure-Java engine: Chicory with its bytecode compiler, for machines where libwasmtime cannot be had.
/// Linear memory lies in the Java heap.
///
/// Threads: as the seam says. Imports: `engine`, `engine.wasi`, `posix`, and Chicory.
@NullMarked
package baton.engine.chicory;

import org.jspecify.annotations.NullMarked;
