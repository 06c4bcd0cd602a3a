/// A worker process: adopts sockets, serves HTTP/1.1 and runs functions on its event loop.
///
/// Threads: one slot leads the loop and owns nearly everything; [baton.worker.EventLoop] says how others
/// take it over, and each class whether it is the leader's, a slot's or anybody's. Imports: `engine` with
/// its engines, `function`, `host`, `http`, `log`, `metrics`, `posix`, `wire`; never the gateway's side,
/// SQLite or JSON.
@NullMarked
package baton.worker;

import org.jspecify.annotations.NullMarked;
