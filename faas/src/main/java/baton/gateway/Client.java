package baton.gateway;

import baton.wire.ConnectionFrame;

/// A connection that the gateway still has: its head is not complete, it waits for a worker, or it was
/// refused and what it still sends is dropped. Owned by the gateway's loop.
final class Client {
    /// Where a client stands.
    enum Stage {
        /// The head is not complete.
        HEAD,
        /// The head is complete, but no worker is there.
        WAITING,
        /// Answered with an error.
        REFUSED
    }

    final int fd;
    final ConnectionFrame state;
    Stage stage = Stage.HEAD;
    long deadlineNanos;
    /// Bytes of the head that were looked at already.
    int seen;

    int dropped;
    boolean gone;

    Client(int fd, ConnectionFrame state, long deadlineNanos) {
        this.fd = fd;
        this.state = state;
        this.deadlineNanos = deadlineNanos;
    }
}
