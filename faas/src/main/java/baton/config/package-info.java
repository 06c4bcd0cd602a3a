/// Settings from the command line, the environment and baton.toml. An unknown key is an error.
@NullMarked
package baton.config;

import org.jspecify.annotations.NullMarked;
