package baton.pool;

import baton.function.FunctionVersion;
import baton.function.RouteTable;
import baton.posix.ChildProcess;
import baton.posix.Descriptor;
import baton.posix.Errno;
import baton.posix.MessageBuffer;
import baton.posix.Syscalls;
import baton.wire.ConnectionFrame;
import baton.wire.Protocol;
import baton.wire.Protocol.Type;
import baton.wire.TableChange;
import baton.wire.VersionCodec;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// The gateway's end of one worker process: frames that go to it and come from it. Used by the gateway's
/// loop only.
///
/// A connection that was handed over stays in [#unacknowledged] until the worker says that it has it: if the
/// worker dies before, the gateway still owns it, untouched, and gives it to another.
public final class WorkerLink implements AutoCloseable {
    /// Frames that wait for a worker whose socket is full.
    private static final int WAITING_FRAMES = 4096;

    /// What a worker says.
    public interface Listener {
        void ready(WorkerLink link, long startMillis);

        void applied(WorkerLink link, long number);

        void connectionBack(WorkerLink link, Descriptor socket, ConnectionFrame state);

        void connectionMoved(WorkerLink link, Descriptor socket, ConnectionFrame state);

        void hostWanted(WorkerLink link, String versionId);

        void hostStuck(WorkerLink link, String versionId);

        void moduleRejected(WorkerLink link, String versionId, String reason);
    }

    /// A connection on its way.
    ///
    /// @param fd the gateway's own copy of the descriptor
    public record Handoff(int fd, ConnectionFrame state) {}

    private record Frame(byte[] bytes, Handoff handoff, boolean closesDescriptor) {}

    private static final Handoff NONE = new Handoff(-1, ConnectionFrame.untouched(0, 0, 0));

    private final String id;
    private final ChildProcess process;
    private final Descriptor control;
    private final Listener listener;
    private final MessageBuffer out;
    private final MessageBuffer in = new MessageBuffer(Protocol.MAX_FRAME_BYTES);
    private final ArrayDeque<Handoff> unacknowledged = new ArrayDeque<>();
    private final ArrayDeque<Frame> waiting = new ArrayDeque<>();
    private RouteTable sentTable = RouteTable.EMPTY;
    private long appliedNumber = -1;
    /// Whether the worker has put every table in force whose publication did not wait for it.
    private boolean caughtUp;

    private long acknowledged;
    private boolean ready;
    private boolean draining;
    private boolean closed;

    /// @param out buffer for frames, shared by all links of the loop
    public WorkerLink(String id, WorkerLaunch.Started started, MessageBuffer out, Listener listener) {
        this.id = id;
        this.process = started.process();
        this.control = started.control();
        this.out = out;
        this.listener = listener;
    }

    /// `POOL/INDEX`.
    public String id() {
        return id;
    }

    public ChildProcess process() {
        return process;
    }

    public int descriptor() {
        return control.number();
    }

    /// Warmed up, knows the routes, and not draining.
    public boolean available() {
        return ready && caughtUp && !draining && !closed && waiting.size() < WAITING_FRAMES;
    }

    public boolean draining() {
        return draining;
    }

    public boolean ready() {
        return ready;
    }

    public long appliedNumber() {
        return appliedNumber;
    }

    /// Whether frames wait until the socket is writable.
    public boolean blocked() {
        return !waiting.isEmpty();
    }

    /// Hands a connection over. The descriptor is the link's from now on, and goes back by
    /// [#takeUnacknowledged] if the worker dies first.
    public void handOff(Syscalls syscalls, Handoff handoff) {
        if (waiting.isEmpty()) {
            handoff.state().write(out.bytes(), Type.CONNECTION);
            int sent = out.send(syscalls, control.number(), handoff.fd());
            if (sent >= 0) {
                unacknowledged.addLast(handoff);
                return;
            }
            // EAGAIN is backpressure; anything else means that the worker is gone, which its socket reports
            // too.
        }
        handoff.state().write(out.bytes(), Type.CONNECTION);
        waiting.addLast(new Frame(copy(out.bytes()), handoff, false));
    }

    /// Sends what leads from the table that the worker has to this one.
    public void publish(Syscalls syscalls, RouteTable table) {
        TableChange.frames(sentTable, table).forEach(frame -> send(syscalls, frame));
        sentTable = table;
        // Nobody waits for a worker that gets no connections: it must not get any before it has this table.
        caughtUp &= available();
    }

    /// Makes a version that is not live known to the worker.
    public void makeKnown(Syscalls syscalls, FunctionVersion version) {
        VersionCodec.put(begin(Type.PAST_VERSION), version);
        send(syscalls, copy(out.bytes()));
    }

    /// Gives the worker a stream to a language host; the descriptor is the link's from now on.
    public void giveHost(Syscalls syscalls, String versionId, Descriptor stream) {
        VersionCodec.putString(begin(Type.HOST), versionId);
        int fd = stream.release();
        Handoff carried = new Handoff(fd, NONE.state());
        waiting.addLast(new Frame(copy(out.bytes()), carried, true));
        flush(syscalls);
    }

    public void hostFailed(Syscalls syscalls, String versionId, String reason) {
        VersionCodec.putString(begin(Type.HOST_FAILED), versionId);
        VersionCodec.putString(out.bytes(), reason);
        send(syscalls, copy(out.bytes()));
    }

    /// Asks the worker to finish what is under way and to end.
    ///
    /// @param move whether it hands its connections back, for other workers
    public void drain(Syscalls syscalls, int deadlineMillis, boolean move) {
        draining = true;
        begin(Type.DRAIN).putInt(deadlineMillis).put((byte) (move ? 1 : 0));
        send(syscalls, copy(out.bytes()));
    }

    private ByteBuffer begin(byte type) {
        return out.bytes().clear().put(Protocol.VERSION).put(type);
    }

    private static byte[] copy(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.get(0, bytes);
        return bytes;
    }

    private void send(Syscalls syscalls, byte[] frame) {
        waiting.addLast(new Frame(frame, NONE, false));
        flush(syscalls);
    }

    /// Sends what waits, as far as the socket takes it.
    public void flush(Syscalls syscalls) {
        while (!waiting.isEmpty()) {
            Frame frame = waiting.getFirst();
            out.bytes().clear().put(frame.bytes);
            if (out.send(syscalls, control.number(), frame.handoff.fd()) < 0) {
                return;
            }
            waiting.removeFirst();
            if (frame.closesDescriptor) {
                syscalls.close(frame.handoff.fd());
            } else if (frame.handoff.fd() >= 0) {
                unacknowledged.addLast(frame.handoff);
            }
        }
    }

    /// Reads what the worker says.
    ///
    /// @return empty while it lives; why the link is of no use any more otherwise
    public String receive(Syscalls syscalls) {
        for (int i = 0; i < 64; i++) {
            int count = in.receive(syscalls, control.number());
            if (count == -Errno.EAGAIN) {
                return "";
            }
            if (count == -Errno.ECONNRESET) {
                // The worker ended with frames of ours unread. What it said before can still be read, and it
                // must be: a connection that it has adopted must not go to another.
                continue;
            }
            if (count <= 0) {
                return count == 0 ? "ended" : Errno.describe(-count);
            }
            int descriptor = syscalls.takeReceived();
            try {
                dispatch(syscalls, in.bytes(), descriptor);
            } catch (RuntimeException e) {
                return "sent a frame that is not of the protocol: " + e;
            }
        }
        return "";
    }

    private void dispatch(Syscalls syscalls, ByteBuffer frame, int descriptor) {
        byte version = frame.get();
        if (version != Protocol.VERSION) {
            throw new IllegalArgumentException("protocol version " + version);
        }
        byte type = frame.get();
        switch (type) {
            case Type.HELLO -> frame.getLong();
            case Type.READY -> {
                ready = true;
                listener.ready(this, frame.getLong());
            }
            case Type.ADOPTED -> acknowledge(syscalls, frame.getLong());
            case Type.APPLIED -> {
                appliedNumber = frame.getLong();
                caughtUp |= appliedNumber == sentTable.number();
                listener.applied(this, appliedNumber);
            }
            // Without its descriptor a connection is closed already: this process has too many open files.
            case Type.CONNECTION_BACK -> {
                if (descriptor >= 0) {
                    listener.connectionBack(this, new Descriptor(descriptor), ConnectionFrame.read(frame));
                }
            }
            case Type.CONNECTION_MOVED -> {
                if (descriptor >= 0) {
                    listener.connectionMoved(this, new Descriptor(descriptor), ConnectionFrame.read(frame));
                }
            }
            case Type.HOST_WANTED -> listener.hostWanted(this, VersionCodec.string(frame));
            case Type.HOST_STUCK -> listener.hostStuck(this, VersionCodec.string(frame));
            case Type.MODULE_REJECTED ->
                listener.moduleRejected(this, VersionCodec.string(frame), VersionCodec.string(frame));
            default -> throw new IllegalArgumentException("frame type " + type);
        }
    }

    private void acknowledge(Syscalls syscalls, long count) {
        while (acknowledged < count) {
            Handoff handoff = unacknowledged.pollFirst();
            if (handoff == null) {
                throw new IllegalArgumentException("more connections acknowledged than handed over");
            }
            syscalls.close(handoff.fd());
            acknowledged++;
        }
    }

    /// The connections that the worker never said it has, for another worker.
    public List<Handoff> takeUnacknowledged(Syscalls syscalls) {
        List<Handoff> handoffs = new ArrayList<>(unacknowledged);
        unacknowledged.clear();
        for (Frame frame : waiting) {
            if (frame.closesDescriptor) {
                syscalls.close(frame.handoff.fd());
            } else if (frame.handoff.fd() >= 0) {
                handoffs.add(frame.handoff);
            }
        }
        waiting.clear();
        return handoffs;
    }

    @Override
    public void close() {
        closed = true;
        control.close();
    }
}
