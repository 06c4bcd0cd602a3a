/// Source to artifact: toolchains, compilers in a limited child process, validation and precompilation of
/// modules.
@NullMarked
package baton.build;

import org.jspecify.annotations.NullMarked;
