package baton.worker;

import baton.host.HostMode;
import baton.host.HostRequestWriter;
import baton.host.HostResponseReader;
import baton.host.HostResponseReader.Progress;
import baton.http.FunctionFields;
import baton.http.RequestHead;
import baton.posix.Epoll;
import baton.posix.Errno;
import baton.posix.NativeBuffer;
import baton.posix.Syscalls;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stream to the language host of one version: many invocations in flight, matched by their numbers.
/// Leader only.
final class HostLink extends EventTarget {
    private static final int FIRST_OUT_BYTES = 64 << 10;
    private static final int MAX_OUT_BYTES = 1 << 30;

    private final Hosts hosts;
    private final FunctionEntry entry;
    private final HostResponseReader reader;
    private final NativeBuffer out = new NativeBuffer(FIRST_OUT_BYTES, MAX_OUT_BYTES);
    private final Map<Integer, HostCall> calls = new LinkedHashMap<>();
    private int sentBytes;
    private int lastId;
    private boolean blocked;
    private boolean ended;
    private boolean closed;
    long lastFrameNanos;

    HostLink(Hosts hosts, FunctionEntry entry, int fd, int generation) {
        super(fd, generation);
        this.hosts = hosts;
        this.entry = entry;
        this.reader = new HostResponseReader(entry.version().limits().outputBytes());
    }

    FunctionEntry entry() {
        return entry;
    }

    /// The invocations in flight, oldest first.
    Map<Integer, HostCall> calls() {
        return calls;
    }

    /// Writes the frame of an invocation; it leaves with the next [#flush].
    ///
    /// @param head parsed from the call's head
    void write(HostRequestWriter writer, RequestHead head, HostCall call, String address, long nowNanos) {
        int id = ++lastId;
        calls.put(id, call);
        byte[] bytes = call.head();
        long millis = Math.max(1, (call.deadlineNanos() - nowNanos) / 1_000_000);
        int outputLimit = (int) entry.version().limits().outputBytes();
        writer.begin(bytes, head.start(), head.start() + head.length(), id, (int) millis, outputLimit);
        writer.method(head.methodStart(), head.methodEnd());
        writer.target(head.targetStart(), head.targetEnd());
        writer.path(head.pathStart(), call.scriptEnd(), head.pathEnd());
        writer.connection(false, head.http11(), 80);
        for (int i = 0; i < head.fields(); i++) {
            if (!FunctionFields.isPlatforms(bytes, head.nameStart(i), head.nameEnd(i))) {
                writer.field(head.nameStart(i), head.nameEnd(i), head.valueStart(i), head.valueEnd(i));
            }
        }
        String id64 = new String(call.requestId(), java.nio.charset.StandardCharsets.US_ASCII);
        Requests.Body body = call.body();
        writer.end(out, address, id64, body.bytes(), body.from(), body.from() + body.length());
    }

    void cancel(HostRequestWriter writer, int id) {
        calls.remove(id);
        writer.cancel(out, id);
    }

    /// Sends what was written, as far as the socket takes it.
    void flush(Slot leader, EventLoop loop) {
        Syscalls syscalls = leader.syscalls();
        while (sentBytes < out.length()) {
            long address = out.segment().address() + sentBytes;
            int count = syscalls.send(fd, address, out.length() - sentBytes, 0);
            if (count < 0) {
                if (count == -Errno.EAGAIN && !blocked) {
                    blocked = true;
                    loop.changeInterest(syscalls, this, Epoll.IN | Epoll.OUT);
                }
                return;
            }
            sentBytes += count;
        }
        out.length(0);
        sentBytes = 0;
        out.shrinkTo(WorkerLimits.KEPT_OUTPUT_BYTES);
        if (blocked) {
            blocked = false;
            loop.changeInterest(syscalls, this, Epoll.IN);
        }
    }

    @Override
    boolean onEvents(Slot leader, int events) {
        if ((events & Epoll.OUT) != 0) {
            flush(leader, leader.loop());
        }
        NativeBuffer scratch = hosts.scratch();
        MemorySegment segment = scratch.segment();
        int count = leader.syscalls().receive(fd, segment.address(), scratch.capacity(), 0);
        if (count > 0) {
            reader.ensure(count);
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, 0, reader.buffer(), reader.position(), count);
            reader.advance(count);
            lastFrameNanos = leader.loop().nowNanos();
        } else if (count != -Errno.EAGAIN) {
            ended = true;
        }
        return frames(leader);
    }

    /// Handles the frames that have come.
    ///
    /// @return false when the slot lost the loop
    boolean frames(Slot leader) {
        while (!closed) {
            Progress progress = reader.next();
            if (progress == Progress.MORE) {
                break;
            }
            if (progress == Progress.MALFORMED) {
                hosts.died(leader, this, reader.errorDetail());
                return true;
            }
            Connection answered = frame(leader);
            if (answered != null && !leader.requests().completed(answered)) {
                // Another slot leads now and goes on with the frames that are left.
                hosts.post(leader, this::frames);
                return false;
            }
        }
        if (ended && !closed) {
            hosts.died(leader, this, "its process ended");
        }
        return true;
    }

    private @Nullable Connection frame(Slot leader) {
        return switch (reader.answer()) {
            case HELLO -> null;
            case OK, ERROR, EXIT, OUTPUT_TOO_LARGE, BAD_RESPONSE, BUSY -> {
                HostCall call = calls.remove(reader.id());
                // An answer to an invocation that was cancelled has nobody to go to.
                yield call == null ? null : hosts.answer(leader, this, call, reader);
            }
        };
    }

    boolean script() {
        return reader.mode() == HostMode.SCRIPT;
    }

    void close() {
        closed = true;
        out.close();
    }
}
