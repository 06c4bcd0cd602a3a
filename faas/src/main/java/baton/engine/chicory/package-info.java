/// The pure-Java engine: Chicory with its bytecode compiler, for machines where libwasmtime cannot be had.
@NullMarked
package baton.engine.chicory;

import org.jspecify.annotations.NullMarked;
