/// The data plane's front: listens, looks at the first bytes and hands the client's socket to a worker.
///
/// Threads: one, the gateway's loop, owns everything; [baton.gateway.Gateway] is what others call, and
/// posts. Nothing here may block. Imports: `function`, `http`, `log`, `metrics`, `pool`, `posix`, `wire`.
@NullMarked
package baton.gateway;

import org.jspecify.annotations.NullMarked;
