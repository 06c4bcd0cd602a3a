/// The data plane's front: listens, looks at the first bytes and hands the client's socket to a worker.
@NullMarked
package baton.gateway;

import org.jspecify.annotations.NullMarked;
