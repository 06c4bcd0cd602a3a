/// The engine on libwasmtime's C API, bound by the Foreign Function and Memory API.
@NullMarked
package baton.engine.wasmtime;

import org.jspecify.annotations.NullMarked;
