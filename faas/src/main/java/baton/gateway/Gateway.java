package baton.gateway;

import baton.function.FunctionVersion;
import baton.function.RouteTable;
import baton.http.Router;
import baton.log.Log;
import baton.log.LogEvent;
import baton.metrics.Metric;
import baton.metrics.MetricsSnapshot;
import baton.metrics.MetricsSource;
import baton.pool.HostKeeper;
import baton.pool.Seat;
import baton.pool.Strategy;
import baton.pool.TelemetryReader;
import baton.pool.WorkerLaunch;
import baton.pool.WorkerLink;
import baton.pool.WorkerLink.Handoff;
import baton.posix.BlockingSocket;
import baton.posix.Descriptor;
import baton.posix.ProcFiles;
import baton.posix.Socket;
import baton.posix.SocketPair;
import baton.posix.TcpListener;
import baton.wire.ConnectionFrame;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The data plane's front: it owns the loop, the front door and the workers, and is what the rest of the
/// platform asks. All methods may be called by any thread; they work on the loop by posting to it.
public final class Gateway implements AutoCloseable {
    private static final int INVOKE_MARGIN_MILLIS = 5_000;

    /// What a gateway is made of.
    ///
    /// @param seats the places of the shared pool
    /// @param hosts starts language hosts, or empty when there is no Node
    public record Parts(
            TcpListener listener,
            Strategy strategy,
            List<Seat> seats,
            WorkerLaunch launch,
            TelemetryReader telemetry,
            Optional<HostKeeper> hosts,
            ControlDoor control,
            Log log) {}

    private final Parts parts;
    private final GatewayLoop loop;
    private final Workers workers;
    private final FrontDoor front;
    private final Thread thread;
    private volatile RouteTable table;

    private Gateway(Parts parts, RouteTable table, String hostSuffix) throws IOException {
        this.parts = parts;
        this.table = table;
        this.loop = new GatewayLoop(parts.log);
        Workers.Parts pool = new Workers.Parts(loop, parts.strategy, parts.telemetry, parts.seats, parts.log);
        this.workers = new Workers(pool, parts.launch, new FromWorkers());
        this.front =
                new FrontDoor(loop, parts.listener, new Router(table, hostSuffix), workers, parts.control, parts.log);
        this.thread = Thread.ofPlatform().name("gateway").unstarted(loop);
    }

    /// Starts the loop and the workers; nobody is let in before [#open].
    ///
    /// @param table what is deployed already
    public static Gateway start(Parts parts, RouteTable table, String hostSuffix) throws IOException {
        Gateway gateway = new Gateway(parts, table, hostSuffix);
        gateway.loop.onTick(() -> {
            gateway.front.tick();
            gateway.workers.tick();
        });
        gateway.loop.post(() -> {
            gateway.workers.publish(table, new Publication(table.number(), Long.MAX_VALUE));
            gateway.workers.start();
        });
        gateway.thread.start();
        return gateway;
    }

    /// Lets clients in.
    public void open() {
        loop.post(front::open);
    }

    /// Whether a worker can be given connections.
    public boolean ready() {
        return workers.seats().stream().anyMatch(Seat::available);
    }

    /// Makes a table the one in force here and in every worker, and returns when it is.
    public void publish(RouteTable next) {
        Publication publication = new Publication(next.number(), System.nanoTime() + GatewayLimits.PUBLISH.toNanos());
        loop.post(() -> {
            table = next;
            front.router(new Router(next, front.router().hostSuffix()));
            workers.publish(next, publication);
        });
        await(publication.done());
        Set<String> live = next.live().values().stream()
                .map(version -> version.id().toString())
                .collect(Collectors.toSet());
        parts.hosts.ifPresent(hosts -> hosts.keepOnly(live));
    }

    private static void await(CompletableFuture<Void> done) {
        try {
            done.get(2 * GatewayLimits.PUBLISH.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a change of routes did not come into force everywhere", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// How an invocation ended, as the worker's answer says it.
    ///
    /// @param errorCode value of `X-Baton-Error`, or empty
    /// @param exit exit code of a function that failed
    /// @param stderr in base64, of a function that failed
    public record Invoked(int status, String errorCode, byte[] body, int exit, String stderr) {}

    /// Runs a version in a worker and waits for its answer.
    ///
    /// @throws IOException when no worker took it or the worker died
    public Invoked invoke(FunctionVersion version, byte[] payload, String invocation) throws IOException {
        SocketPair pair = SocketPair.open(Socket.SOCK_STREAM | Socket.SOCK_NONBLOCK);
        ConnectionFrame state = new ConnectionFrame(System.nanoTime(), 0, (short) 0, true, new byte[0]);
        int far = pair.far().release();
        loop.post(() -> {
            if (!workers.handOff(new Handoff(far, state), version)) {
                loop.syscalls().close(far);
            }
        });
        String head = "POST /function/" + version.name() + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "X-Baton-Invoke: " + version.id() + "\r\nX-Request-Id: " + invocation
                + "\r\nContent-Length: " + payload.length + "\r\n\r\n";
        int timeoutMillis = (int) version.limits().timeout().toMillis() + INVOKE_MARGIN_MILLIS;
        try (BlockingSocket socket = new BlockingSocket(pair.near())) {
            InternalClient.Answer answer = InternalClient.exchange(socket, head, payload, timeoutMillis);
            String exit = answer.field("x-baton-exit");
            return new Invoked(
                    answer.status(),
                    answer.field("x-baton-error"),
                    answer.body(),
                    exit.isEmpty() ? 0 : Integer.parseInt(exit),
                    answer.field("x-baton-stderr"));
        }
    }

    /// The places of the pool, for showing them.
    public List<Seat> seats() {
        return workers.seats();
    }

    /// Asks a worker to finish and end; another takes its seat.
    ///
    /// @return false when there is no such worker
    public boolean drain(String workerId, int deadlineMillis) {
        boolean known = seats().stream().anyMatch(seat -> seat.id().equals(workerId) && seat.link() != null);
        loop.post(() -> workers.drain(workerId, deadlineMillis, true));
        return known;
    }

    /// Takes a connection back whose next request is not for the control plane.
    ///
    /// @param unread bytes that were read from it already
    public void handBack(Descriptor socket, byte[] unread) {
        int fd = socket.release();
        loop.post(() -> front.passToWorker(fd, new ConnectionFrame(System.nanoTime(), 0, (short) 0, false, unread)));
    }

    /// Numbers of gateway and workers.
    public MetricsSource metrics() {
        return this::collect;
    }

    private void collect(MetricsSnapshot snapshot) {
        FrontCounters counters = front.counters();
        snapshot.add(Metric.BATON_CONNECTIONS_ACCEPTED, counters.accepted, "http");
        snapshot.add(Metric.BATON_HANDOFFS, counters.handedOff, "to_worker");
        counters.refused.forEach((code, count) -> snapshot.add(Metric.BATON_HTTP_ERRORS, count, code.name()));
        long restarts = 0;
        long dropped = 0;
        for (Seat seat : seats()) {
            WorkerLink link = seat.link();
            restarts += seat.restarts();
            dropped += seat.report().droppedLines();
            if (link != null) {
                snapshot.add(Metric.BATON_CONNECTIONS, seat.report().connections(), seat.id());
                snapshot.add(Metric.BATON_WORKER_INFLIGHT, seat.report().inflight(), seat.id());
                snapshot.add(Metric.BATON_PROCESS_RESIDENT_BYTES, seat.report().residentBytes(), "worker " + seat.id());
            }
        }
        snapshot.add(Metric.BATON_PROCESS_RESIDENT_BYTES, ProcFiles.residentBytes(), "gateway");
        snapshot.add(Metric.BATON_PROCESS_OPEN_FDS, ProcFiles.openDescriptors(), "gateway");
        snapshot.add(Metric.BATON_LOG_LINES_DROPPED, dropped);
        snapshot.add(Metric.BATON_WORKER_RESTARTS, restarts);
        seats().stream()
                .collect(Collectors.groupingBy(Seat::state, Collectors.counting()))
                .forEach((state, count) -> snapshot.add(Metric.BATON_WORKERS, count, state));
    }

    /// Stops accepting, lets the workers finish, and returns when all of them have ended or the time is over.
    public void drain(int deadlineMillis) {
        long deadline = System.nanoTime() + deadlineMillis * 1_000_000L;
        loop.post(() -> {
            front.shut();
            workers.drainAll(deadlineMillis);
        });
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        awaitGone(gone, deadline);
        try {
            gone.get(deadlineMillis + 1000L, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            parts.log.warn(LogEvent.PLATFORM_STOPPING, "error", "workers did not end in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitGone(CompletableFuture<Boolean> gone, long deadline) {
        loop.onTick(() -> {
            front.tick();
            if (workers.allGone() || System.nanoTime() > deadline) {
                gone.complete(true);
            }
        });
    }

    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        loop.post(() -> {
            front.close();
            workers.close();
            closed.complete(null);
        });
        await(closed);
        loop.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
    }

    private final class FromWorkers implements Workers.Events {
        @Override
        public void workerAvailable() {
            front.workerAvailable();
        }

        @Override
        public void connectionBack(Descriptor socket, ConnectionFrame state) {
            parts.control.adopt(socket, state.unread());
        }

        @Override
        public void connectionMoved(Descriptor socket, ConnectionFrame state) {
            front.passToWorker(socket.release(), state);
        }

        @Override
        public void orphaned(Handoff handoff) {
            front.passToWorker(handoff.fd(), handoff.state());
        }

        @Override
        public void hostWanted(WorkerLink link, String versionId) {
            Optional<FunctionVersion> version = table.live().values().stream()
                    .filter(live -> live.id().toString().equals(versionId))
                    .findFirst();
            if (version.isEmpty() || parts.hosts.isEmpty()) {
                String reason = version.isEmpty()
                        ? "the version is not live"
                        : "Node is not installed: install nodejs 18 or later";
                workers.giveHost(link, versionId, null, reason);
                return;
            }
            parts.hosts
                    .get()
                    .connect(
                            version.get(),
                            (@Nullable Descriptor stream, String reason) ->
                                    loop.post(() -> workers.giveHost(link, versionId, stream, reason)));
        }

        @Override
        public void hostStuck(String versionId) {
            parts.hosts.ifPresent(hosts -> hosts.end(versionId, "did not answer"));
        }
    }
}
