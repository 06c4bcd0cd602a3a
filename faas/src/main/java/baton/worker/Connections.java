package baton.worker;

import baton.posix.Socket;
import baton.posix.Syscalls;
import baton.wire.ConnectionFrame;
import org.jspecify.annotations.Nullable;

/// The worker's connections: adopting and closing them, and the sweep for those that stand still. Leader
/// only.
final class Connections {
    private final EventLoop loop;
    private int open;

    Connections(EventLoop loop) {
        this.loop = loop;
    }

    int open() {
        return open;
    }

    /// Takes over a socket that the gateway handed to us.
    void adopt(Slot leader, int fd, ConnectionFrame frame) {
        Connection c = new Connection(fd, loop.nextGeneration(), frame, loop.nowNanos());
        open++;
        // Bytes that wait in the socket are reported as a first event.
        loop.register(leader.syscalls(), c, Connection.interest());
        if (c.unread != null) {
            loop.post(
                    leader.syscalls(),
                    slot -> c.closed
                            || c.busy
                            || c.output != null
                            || slot.requests().read(c));
        }
    }

    /// Closes a connection that is not busy.
    void close(Slot leader, Connection c) {
        if (c.closed) {
            return;
        }
        Syscalls syscalls = leader.syscalls();
        forget(leader, c);
        // The gateway may still hold its copy of the descriptor until it reads our acknowledgement; the
        // client must see the end now.
        syscalls.shutdown(c.fd, Socket.SHUT_WR);
        syscalls.close(c.fd);
    }

    private void forget(Slot leader, Connection c) {
        loop.deregister(leader.syscalls(), c);
        handedOver(leader, c);
    }

    /// A connection that is not watched any more belongs to somebody else, or is closed next.
    void handedOver(Slot leader, Connection c) {
        c.closed = true;
        c.unread = null;
        c.incoming = null;
        leader.requests().responder().discard(c);
        leader.requests().releaseBody(c);
        open--;
    }

    /// Closes what has stood still for too long.
    ///
    /// @param draining close idle connections at once
    void sweep(Slot leader, long now, boolean draining) {
        for (@Nullable EventTarget target : loop.targets()) {
            if (target instanceof Connection c && !c.busy && expired(c, now, draining)) {
                if (!c.lingering && c.output == null && (c.incoming != null || c.unread != null)) {
                    leader.requests().timedOut(c);
                } else {
                    close(leader, c);
                }
            }
        }
    }

    /// Hands over every connection that is between two requests.
    ///
    /// @param control takes them; what it does not take now is tried again with the next sweep
    void moveAway(Slot leader, ControlLink control) {
        for (@Nullable EventTarget target : loop.targets()) {
            if (target instanceof Connection c && c.movable() && !control.moveAway(leader, c)) {
                return;
            }
        }
    }

    private static boolean expired(Connection c, long now, boolean draining) {
        long still = now - c.lastActivityNanos;
        if (c.lingering) {
            return still > WorkerLimits.LINGER_NANOS;
        }
        if (c.output != null || c.incoming != null) {
            return still > WorkerLimits.STALL_NANOS;
        }
        // A head that is not complete is no request yet; it gets the time of a stalled one.
        if (c.unread != null) {
            return still > WorkerLimits.STALL_NANOS;
        }
        return draining ? c.requests > 0 || still > WorkerLimits.LINGER_NANOS : still > WorkerLimits.IDLE_NANOS;
    }
}
