/// Settings from the command line, the environment and baton.toml, checked as a whole. An unknown key is an
/// error that names the nearest one.
///
/// Threads: immutable values; any. Imports: `function`, and tomlj for the file.
@NullMarked
package baton.config;

import org.jspecify.annotations.NullMarked;
