/// The command line. It speaks to a running platform through the admin API only; `up` is handed to whoever
/// made it.
///
/// Threads: the process's own; a virtual one tells of waiting. Imports: `config`, `function`, picocli,
/// gson; no package of the server.
@NullMarked
package baton.cli;

import org.jspecify.annotations.NullMarked;
