/// What is ready on this machine and on the platform, and how to get what is missing.
///
/// Threads: the process's own. Imports: `cli`, picocli, gson.
@NullMarked
package baton.cli.doctor;

import org.jspecify.annotations.NullMarked;
