/// The gateway's view of its processes: starting, watching and replacing workers, choosing one for a
/// connection, and keeping language hosts.
///
/// Threads: links, seats and strategies belong to the gateway's loop; [baton.pool.Supervisor],
/// [baton.pool.HostKeeper], [baton.pool.TelemetryReader] and [baton.pool.ProcessOutput] have a thread each.
/// Imports: `function`, `log`, `metrics`, `posix`, `wire`, `host`.
@NullMarked
package baton.pool;

import org.jspecify.annotations.NullMarked;
