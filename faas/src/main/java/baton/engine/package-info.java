/// The seam to WebAssembly engines: compile once, load from the precompiled form, run each invocation in a
/// fresh instance.
///
/// Threads: [baton.engine.Engine] and [baton.engine.CompiledModule] may be used by any; an
/// [baton.engine.InstanceRunner] belongs to one, which needs a stack of 2 MiB or more. Imports:
/// `engine.wasi`; the engines below it import it, never the other way round.
@NullMarked
package baton.engine;

import org.jspecify.annotations.NullMarked;
