package baton.worker;

import baton.function.ErrorCode;
import baton.log.Log;
import baton.log.LogCodec;
import baton.log.LogEvent;
import baton.log.LogLine;
import baton.posix.MessageBuffer;
import baton.posix.Syscalls;
import baton.wire.Telemetry;
import baton.wire.VersionCodec;
import baton.wire.WorkerReport;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/// Sends reports, counters, log lines and the functions' stderr to the gateway as datagrams. What the socket
/// does not take is dropped and counted: an invocation never waits for a log. Any thread; each brings its
/// system calls.
final class TelemetryLink {
    private static final int WARNINGS_A_SECOND = 20;

    private final int fd;
    private final String process;
    private final ThreadLocal<MessageBuffer> buffers =
            ThreadLocal.withInitial(() -> new MessageBuffer(Telemetry.MAX_BYTES));
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong budget = new AtomicLong();

    /// @param process name of this process in the log
    TelemetryLink(int fd, String process) {
        this.fd = fd;
        this.process = process;
    }

    long dropped() {
        return dropped.get();
    }

    void report(Syscalls syscalls, WorkerReport report) {
        MessageBuffer buffer = buffers.get();
        report.write(buffer.bytes().clear());
        buffer.send(syscalls, fd, -1);
    }

    /// @return false when the socket did not take them
    boolean counters(Syscalls syscalls, FunctionEntry entry) {
        MessageBuffer buffer = buffers.get();
        ByteBuffer bytes = buffer.bytes().clear().put(Telemetry.COUNTERS);
        VersionCodec.putString(bytes, entry.version().id().toString());
        entry.counters().encode(bytes);
        return buffer.send(syscalls, fd, -1) >= 0;
    }

    void stderr(Syscalls syscalls, FunctionEntry entry, String invocation, byte[] text, int length, long cut) {
        MessageBuffer buffer = buffers.get();
        ByteBuffer bytes = buffer.bytes().clear().put(Telemetry.STDERR);
        VersionCodec.putString(bytes, entry.version().id().toString());
        VersionCodec.putString(bytes, invocation);
        bytes.putLong(cut).put(text, 0, length);
        count(buffer.send(syscalls, fd, -1));
    }

    void log(Syscalls syscalls, Log.Level level, LogEvent event, String invocation, Object... pairs) {
        MessageBuffer buffer = buffers.get();
        LogLine line = LogLine.of(System.currentTimeMillis(), level, event, process, invocation, pairs);
        buffer.bytes().clear().put(Telemetry.LOG).put(LogCodec.encode(line));
        count(buffer.send(syscalls, fd, -1));
    }

    /// Logs something that a client or a function can cause at will: only so many lines a second.
    void warn(Syscalls syscalls, LogEvent event, String invocation, Object... pairs) {
        long second = System.nanoTime() / 1_000_000_000;
        long used = budget.updateAndGet(b -> b >>> 8 == second ? b + 1 : second << 8 | 1) & 0xff;
        if (used > WARNINGS_A_SECOND) {
            dropped.incrementAndGet();
            budget.updateAndGet(b -> (b & 0xff) > 200 ? b - 100 : b);
            return;
        }
        log(syscalls, Log.Level.WARN, event, invocation, pairs);
    }

    void functionFailed(Syscalls syscalls, FunctionEntry entry, String invocation, ErrorCode code, String sentence) {
        warn(
                syscalls,
                LogEvent.FUNCTION_FAILED,
                invocation,
                "function",
                entry.version().name(),
                "version",
                entry.version().id(),
                "code",
                code,
                "error",
                sentence);
    }

    /// @param from who handed the connection over
    void handoffFailed(Slot leader, String from, String reason) {
        warn(leader.syscalls(), LogEvent.HANDOFF_FAILED, "", "from", from, "error", reason);
    }

    private void count(int sent) {
        if (sent < 0) {
            dropped.incrementAndGet();
        }
    }
}
