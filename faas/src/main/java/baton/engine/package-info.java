/// The seam to WebAssembly engines: compile once, load from the precompiled form, run each invocation in a
/// fresh instance.
@NullMarked
package baton.engine;

import org.jspecify.annotations.NullMarked;
