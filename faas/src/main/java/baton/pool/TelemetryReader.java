package baton.pool;

import baton.function.VersionId;
import baton.log.FunctionLogs;
import baton.log.GatewayLog;
import baton.log.LogCodec;
import baton.metrics.FunctionCounters;
import baton.metrics.FunctionTotals;
import baton.posix.Descriptor;
import baton.posix.Epoll;
import baton.posix.Errno;
import baton.posix.MessageBuffer;
import baton.posix.Syscalls;
import baton.wire.Telemetry;
import baton.wire.VersionCodec;
import baton.wire.WorkerReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Reads what workers send as datagrams: reports, counters, log lines and the functions' stderr. A thread of
/// its own, so that a slow disk never holds up the gateway's loop.
public final class TelemetryReader implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int TIMEOUT_MILLIS = 200;

    private record Source(Seat seat, String process, Descriptor socket) {}

    private final Epoll epoll;
    private final GatewayLog log;
    private final FunctionLogs functionLogs;
    private final FunctionTotals totals;
    private final Map<Integer, Source> sources = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean stopped;

    public TelemetryReader(GatewayLog log, FunctionLogs functionLogs, FunctionTotals totals) throws IOException {
        this.epoll = Epoll.open(BATCH);
        this.log = log;
        this.functionLogs = functionLogs;
        this.totals = totals;
        this.thread = Thread.ofPlatform().daemon().name("telemetry").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /// Reads from a worker until it ends.
    ///
    /// @param process names this process among its seat's, such as `shared/0:4711`
    public void add(Seat seat, String process, Descriptor socket) {
        sources.put(socket.number(), new Source(seat, process, socket));
        epoll.add(Syscalls.ofThread(), socket.number(), Epoll.IN | Epoll.READ_HANGUP, socket.number());
    }

    private void run() {
        Syscalls syscalls = new Syscalls();
        MessageBuffer buffer = new MessageBuffer(Telemetry.MAX_BYTES);
        while (!stopped) {
            int count = epoll.await(syscalls, TIMEOUT_MILLIS);
            for (int i = 0; i < count; i++) {
                Source source = sources.get((int) epoll.dataAt(i));
                if (source != null) {
                    drain(syscalls, buffer, source, epoll.eventsAt(i));
                }
            }
        }
    }

    private void drain(Syscalls syscalls, MessageBuffer buffer, Source source, int events) {
        int count;
        while ((count = buffer.receive(syscalls, source.socket.number())) > 0) {
            try {
                take(source, buffer.bytes());
            } catch (RuntimeException e) {
                log.warn(baton.log.LogEvent.WORKER_OUTPUT, "worker", source.seat.id(), "error", "bad datagram: " + e);
            }
        }
        boolean ended = (events & (Epoll.HANGUP | Epoll.ERROR | Epoll.READ_HANGUP)) != 0;
        if (ended || count != -Errno.EAGAIN) {
            sources.remove(source.socket.number());
            epoll.remove(syscalls, source.socket.number());
            source.socket.close();
            totals.processEnded(source.process);
        }
    }

    private void take(Source source, ByteBuffer datagram) {
        switch (datagram.get()) {
            case Telemetry.REPORT -> {
                WorkerReport report = WorkerReport.read(datagram);
                source.seat.report(report);
            }
            case Telemetry.COUNTERS -> {
                VersionId version = VersionId.parse(VersionCodec.string(datagram));
                totals.report(source.process, version, FunctionCounters.decode(datagram));
            }
            case Telemetry.LOG -> log.relay(LogCodec.decode(datagram));
            case Telemetry.STDERR -> stderr(source, datagram);
            default -> throw new IllegalArgumentException("unknown type");
        }
    }

    private void stderr(Source source, ByteBuffer datagram) {
        VersionId version = VersionId.parse(VersionCodec.string(datagram));
        String invocation = VersionCodec.string(datagram);
        long cut = datagram.getLong();
        byte[] text = new byte[datagram.remaining()];
        datagram.get(text);
        String output = new String(text, StandardCharsets.UTF_8);
        String shown = cut == 0 ? output : output + "\n… " + cut + " bytes more were not kept";
        functionLogs.append(
                version.name().value(),
                System.currentTimeMillis(),
                version.toString(),
                source.seat.id(),
                invocation,
                shown);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sources.values().forEach(source -> source.socket.close());
        epoll.close();
    }
}
