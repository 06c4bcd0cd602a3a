/// Source to artifact: toolchains, compilers in a limited child process, validation and precompilation of
/// modules. The classes on both sides of the pipe to that process are here.
///
/// Threads: [baton.build.ChildBuilder] may be used by any, one build runs at a time; toolchains are
/// prepared on a thread of their own. Imports: `engine` with its engines, `function`, `log`.
@NullMarked
package baton.build;

import org.jspecify.annotations.NullMarked;
