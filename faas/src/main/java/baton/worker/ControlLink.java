package baton.worker;

import baton.function.FunctionVersion;
import baton.function.RouteTable;
import baton.posix.Epoll;
import baton.posix.Errno;
import baton.posix.MessageBuffer;
import baton.wire.ConnectionFrame;
import baton.wire.Protocol;
import baton.wire.Protocol.Type;
import baton.wire.TableChange;
import baton.wire.VersionCodec;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/// The worker's end of the control socket. Leader only, except [#send], which any slot may call through the
/// loop.
final class ControlLink extends EventTarget {
    private static final byte[] NOTHING = new byte[0];
    private static final String NO_DESCRIPTOR =
            "the descriptor did not come along: this process has too many open files; raise ulimit -n";

    private final Worker worker;
    private final MessageBuffer in = new MessageBuffer(Protocol.MAX_FRAME_BYTES);
    private final MessageBuffer out = new MessageBuffer(Protocol.MAX_FRAME_BYTES);
    private final TableChange.Receiver change = new TableChange.Receiver();
    private final ArrayDeque<byte[]> unsent = new ArrayDeque<>();
    private long adopted;

    ControlLink(Worker worker, int fd) {
        super(fd, 0);
        this.worker = worker;
    }

    long adopted() {
        return adopted;
    }

    @Override
    boolean onEvents(Slot leader, int events) {
        if ((events & Epoll.OUT) != 0) {
            flush(leader);
        }
        long before = adopted;
        // First all are received and acknowledged, then served: the gateway keeps its copies until it reads
        // the acknowledgement, so that nothing is lost if this process dies in between.
        for (int i = 0; i < WorkerLimits.ADOPT_BATCH; i++) {
            int count = in.receive(leader.syscalls(), fd);
            if (count == -Errno.EAGAIN) {
                break;
            }
            if (count <= 0) {
                worker.gatewayGone(count == 0 ? "closed" : Errno.describe(-count));
                return true;
            }
            receive(leader, in.bytes(), leader.syscalls().takeReceived());
        }
        if (adopted != before) {
            send(leader, Type.ADOPTED, adopted);
        }
        return true;
    }

    private void receive(Slot leader, ByteBuffer frame, int descriptor) {
        byte version = frame.get();
        byte type = frame.get();
        if (version != Protocol.VERSION) {
            throw new IllegalStateException("frame of protocol version " + version);
        }
        switch (type) {
            case Type.CONNECTION -> {
                adopted++;
                if (descriptor >= 0) {
                    worker.connections().adopt(leader, descriptor, ConnectionFrame.read(frame));
                } else {
                    worker.telemetry().handoffFailed(leader, "gateway", NO_DESCRIPTOR);
                }
            }
            case Type.HOST -> {
                String versionId = VersionCodec.string(frame);
                if (descriptor >= 0) {
                    worker.hosts().connected(leader, versionId, descriptor);
                } else {
                    worker.hosts().failed(leader, versionId, NO_DESCRIPTOR);
                }
            }
            case Type.HOST_FAILED ->
                worker.hosts().failed(leader, VersionCodec.string(frame), VersionCodec.string(frame));
            case Type.PAST_VERSION -> worker.keepPast(VersionCodec.version(frame));
            case Type.DRAIN -> worker.housekeeping().drain(frame.getInt(), frame.get() == 1);
            default -> {
                boolean complete = change.accept(type, frame);
                if (complete) {
                    apply(leader, frame.getLong());
                }
            }
        }
    }

    /// Loads what is new on a spare slot's time, then puts the table in force and says so.
    private void apply(Slot leader, long number) {
        RouteTable table = change.table(number);
        List<FunctionVersion> added = change.takeAdded();
        worker.modules().activate(leader, table, added, slot -> send(slot, Type.APPLIED, number));
    }

    void hello(Slot leader) {
        send(leader, Type.HELLO, ProcessHandle.current().pid());
    }

    void ready(Slot leader, long startMillis) {
        send(leader, Type.READY, startMillis);
    }

    void wantHost(Slot leader, FunctionVersion version) {
        begin(Type.HOST_WANTED);
        VersionCodec.putString(out.bytes(), version.id().toString());
        transmit(leader);
    }

    /// Asks for the end of a host that does not answer.
    void hostStuck(Slot leader, FunctionVersion version) {
        begin(Type.HOST_STUCK);
        VersionCodec.putString(out.bytes(), version.id().toString());
        transmit(leader);
    }

    void moduleRejected(Slot leader, FunctionVersion version, String reason) {
        begin(Type.MODULE_REJECTED);
        VersionCodec.putString(out.bytes(), version.id().toString());
        VersionCodec.putString(out.bytes(), reason);
        transmit(leader);
    }

    /// Hands a connection to the gateway: to the control plane, whose request it is.
    ///
    /// @return false when the gateway does not take it now; then it is still ours
    boolean giveBack(Slot leader, Connection c, byte[] unread) {
        return handOver(leader, c, Type.CONNECTION_BACK, unread);
    }

    /// Hands a connection at rest to the gateway, for another worker.
    ///
    /// @return false when the gateway does not take it now; then it is still ours
    boolean moveAway(Slot leader, Connection c) {
        byte[] unread = c.unread;
        return handOver(leader, c, Type.CONNECTION_MOVED, unread == null ? NOTHING : unread);
    }

    private boolean handOver(Slot leader, Connection c, byte type, byte[] unread) {
        ConnectionFrame origin = c.origin;
        new ConnectionFrame(System.nanoTime(), origin.peerIpv4(), origin.peerPort(), origin.internal(), unread)
                .write(out.bytes(), type);
        // Before it is handed over, for a descriptor that another process holds too stays in our epoll set.
        worker.loop().deregister(leader.syscalls(), c);
        // Never before frames that wait: the gateway must have read that the connection was adopted.
        int sent = unsent.isEmpty() ? out.send(leader.syscalls(), fd, c.fd) : -Errno.EAGAIN;
        if (sent < 0) {
            worker.telemetry().handoffFailed(leader, "worker", Errno.describe(-sent));
            worker.loop().register(leader.syscalls(), c, Connection.interest());
            return false;
        }
        worker.connections().handedOver(leader, c);
        leader.syscalls().close(c.fd);
        return true;
    }

    private void send(Slot leader, byte type, long value) {
        begin(type).putLong(value);
        transmit(leader);
    }

    private ByteBuffer begin(byte type) {
        return out.bytes().clear().put(Protocol.VERSION).put(type);
    }

    private void transmit(Slot leader) {
        if (unsent.isEmpty() && out.send(leader.syscalls(), fd, -1) >= 0) {
            return;
        }
        ByteBuffer bytes = out.bytes().flip();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        unsent.addLast(copy);
        worker.loop().changeInterest(leader.syscalls(), this, Epoll.IN | Epoll.OUT);
    }

    private void flush(Slot leader) {
        while (!unsent.isEmpty()) {
            out.bytes().clear().put(unsent.getFirst());
            if (out.send(leader.syscalls(), fd, -1) < 0) {
                return;
            }
            unsent.removeFirst();
        }
        worker.loop().changeInterest(leader.syscalls(), this, Epoll.IN);
    }
}
