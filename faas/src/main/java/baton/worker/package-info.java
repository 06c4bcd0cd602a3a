/// A worker process: adopts sockets, serves HTTP/1.1 and runs functions on its event loop.
@NullMarked
package baton.worker;

import org.jspecify.annotations.NullMarked;
