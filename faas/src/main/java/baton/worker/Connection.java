package baton.worker;

import baton.wire.ConnectionFrame;
import org.jspecify.annotations.Nullable;

/// A client's connection.
/// ```
///          head and body complete            answer sent
///  idle ───────────────────────────► busy ────────────────► idle, or closed
///   │  ▲                               │ answer does not fit into the socket
///   │  └──────── answer flushed ───────┴► flushing
///   └─ malformed ─► answered, lingering ─► closed
/// ```
/// Its fields belong to the leader. While it is busy with a call, the slot that runs the call owns [#output],
/// [#closeAfter], [#unread] and [#call]; the leader then only sets [#again] and [#hangup], and never closes
/// it: else a new client could get the number of the descriptor, and the old answer.
final class Connection extends EventTarget implements Posted {
    private static final int INPUT_EVENTS =
            baton.posix.Epoll.IN | baton.posix.Epoll.OUT | baton.posix.Epoll.EDGE | baton.posix.Epoll.READ_HANGUP;

    final ConnectionFrame origin;
    final Call call = new Call();

    boolean busy;
    /// Something to read may be there, noted while the connection was busy.
    boolean again;
    /// The client has closed its sending side.
    boolean hangup;
    boolean closeAfter;
    /// Answered for the last time: what still comes is read and dropped, so that the answer is not lost to a
    /// reset.
    boolean lingering;
    long lingeredBytes;
    boolean closed;

    /// Bytes read and not consumed yet.
    byte @Nullable [] unread;

    /// What the socket did not take yet.
    @Nullable
    PendingOutput output;

    /// A request whose body is not complete yet.
    @Nullable
    StoredRequest incoming;

    /// Port that the client connected to, 0 until a function asks for it.
    int serverPort;

    /// Bytes of the worker's budget for bodies that this connection has taken.
    long bodyBytes;

    int requests;
    long lastActivityNanos;

    Connection(int fd, int generation, ConnectionFrame origin, long nowNanos) {
        super(fd, generation);
        this.origin = origin;
        this.unread = origin.unread().length == 0 ? null : origin.unread();
        this.lastActivityNanos = nowNanos;
    }

    static int interest() {
        return INPUT_EVENTS;
    }

    /// Nothing is under way but, at most, the beginning of a request: another process can go on with it.
    boolean movable() {
        byte[] rest = unread;
        return !busy
                && !lingering
                && !closeAfter
                && output == null
                && incoming == null
                && !origin.internal()
                && (rest == null || rest.length <= baton.wire.Protocol.MAX_UNREAD_BYTES);
    }

    @Override
    boolean onEvents(Slot leader, int events) {
        return leader.requests().onEvents(this, events);
    }

    @Override
    public boolean run(Slot leader) {
        return leader.requests().completed(this);
    }
}
