package baton;

import baton.admin.AccessPolicy;
import baton.admin.ControlApi;
import baton.admin.ControlLimits;
import baton.admin.ControlServer;
import baton.admin.Deployments;
import baton.admin.PlatformFacts;
import baton.build.CacheDirectory;
import baton.build.ChildBuilder;
import baton.build.ClangToolchain;
import baton.build.EngineKind;
import baton.config.PlatformConfig;
import baton.function.RouteTable;
import baton.gateway.Gateway;
import baton.host.NodeProgram;
import baton.log.FunctionLogs;
import baton.log.GatewayLog;
import baton.log.Log;
import baton.log.LogEvent;
import baton.metrics.FunctionTotals;
import baton.pool.HostKeeper;
import baton.pool.ProcessOutput;
import baton.pool.Seat;
import baton.pool.Strategy;
import baton.pool.TelemetryReader;
import baton.posix.TcpListener;
import baton.registry.ArtifactStore;
import baton.registry.Registry;
import baton.registry.RegistryWatch;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The running platform: the composition root. Everything is made here, in the order in which it needs each
/// other, and closed in reverse.
final class Platform implements AutoCloseable {
    private static final int DEFER_SECONDS = 5;
    private static final int DRAIN_MILLIS = 10_000;
    /// A worker that records its cache does so at its end.
    private static final int RECORD_MILLIS = 120_000;
    private static final long READY_NANOS = 60_000_000_000L;
    private static final long POLL_NANOS = 1_000_000;

    private final PlatformConfig config;
    private final AotCaches aot;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final PlatformDataPlane dataPlane = new PlatformDataPlane();
    private @Nullable Gateway gateway;
    private @Nullable ControlServer control;
    private @Nullable GatewayLog log;
    private Facts ports = new Facts(0, 0, "", 0, "");

    private Platform(PlatformConfig config, AotCaches aot) {
        this.config = config;
        this.aot = aot;
    }

    /// What a user wants to know of a platform that has started.
    record Facts(int http, int admin, String engine, int functions, String notes) {}

    /// Starts everything and lets clients in.
    ///
    /// @throws StartException with the cause and the cure, when something cannot be had
    static Platform start(PlatformConfig config, Announcer announcer, AotCaches aot)
            throws IOException, StartException {
        Platform platform = new Platform(config, aot);
        try {
            platform.open(announcer);
            return platform;
        } catch (IOException | StartException | RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    private void open(Announcer announcer) throws IOException, StartException {
        DataDirectory data = keep(DataDirectory.open(config.data()));
        TcpListener http = keep(Listeners.open(config, "http", config.http(), DEFER_SECONDS));
        TcpListener admin = keep(Listeners.open(config, "admin", config.admin(), 0));
        GatewayLog opening = keep(GatewayLog.open(data.path(), announcer.logTerminal(), Log.Level.INFO));
        log = opening;
        CacheDirectory cache = CacheDirectory.ofEnvironment(System.getenv());
        EngineSetup.Chosen engine = EngineSetup.choose(config, cache, opening, announcer);
        ClangToolchain clang = new ClangToolchain(cache, engine.kind(), opening);
        if (engine.kind() instanceof EngineKind.Wasmtime) {
            clang.prepareInBackground(announcer.progress());
        }
        FunctionTotals totals = new FunctionTotals();
        FunctionLogs functionLogs = keep(new FunctionLogs(data.path()));
        Registry registry = keep(Registry.open(data.path(), cache.root(), opening));
        ArtifactStore store = ArtifactStore.open(data.functions());
        ChildBuilder builder = keep(new ChildBuilder(cache, engine.kind(), clang, opening));
        Deployments deployments = new Deployments(registry, store, builder, dataPlane, totals, opening);
        RouteTable table = deployments.restore();
        TelemetryReader telemetry = keep(new TelemetryReader(opening, functionLogs, totals));
        telemetry.start();
        Gateway started = keep(
                Gateway.start(gatewayParts(data, http, engine.kind(), telemetry, opening), table, config.hostSuffix()));
        gateway = started;
        dataPlane.connect(started);
        PlatformFacts facts =
                new PlatformFacts(BuildVersion.text(), url(http.port()), url(admin.port()), engine.name());
        ControlApi api = new ControlApi(new ControlApi.Parts(
                deployments,
                dataPlane,
                totals,
                new PlatformInspection(cache, clang),
                facts,
                started::ready,
                data.path().resolve("logs").resolve("functions"),
                List.of(totals, started.metrics())));
        AccessPolicy own = new AccessPolicy(adminHosts(), Optional.ofNullable(config.token()), config.isLoopback());
        control = keep(ControlServer.start(
                admin, api, new ControlServer.Doors(own, own, started::handBack), ControlLimits.DEFAULT, opening));
        keep(RegistryWatch.start(registry, RegistryWatch.INTERVAL, deployments::reloadRoutes, opening));
        awaitReady(started);
        started.open();
        opening.info(LogEvent.PLATFORM_STARTED, "http", http.port(), "admin", admin.port(), "engine", engine.name());
        ports = new Facts(http.port(), admin.port(), engine.name(), table.live().size(), engine.note());
        announcer.ready(config, ports);
        keep(AotTraining.beginIfNeeded(aot, cache, opening));
    }

    private Gateway.Parts gatewayParts(
            DataDirectory data, TcpListener http, EngineKind engine, TelemetryReader telemetry, Log opening)
            throws IOException {
        ProcessOutput workerOutput = keep(ProcessOutput.open("worker", opening));
        List<Seat> seats = new ArrayList<>();
        for (int i = 0; i < config.workers(); i++) {
            seats.add(new Seat("shared/" + i, 1));
        }
        return new Gateway.Parts(
                http,
                Strategy.of(config.strategy().label()),
                seats,
                WorkerCommand.of(config, engine, data.functions(), workerOutput.writer(), aot),
                telemetry,
                hosts(data, opening),
                (socket, unread) -> {
                    ControlServer server = control;
                    if (server == null) {
                        socket.close();
                    } else {
                        server.adopt(socket, unread);
                    }
                },
                opening);
    }

    private Optional<HostKeeper> hosts(DataDirectory data, Log opening) throws IOException {
        Optional<Path> node = WorkerCommand.node();
        if (node.isEmpty()) {
            return Optional.empty();
        }
        ProcessOutput output = keep(ProcessOutput.open("node host", opening));
        NodeProgram program = NodeProgram.install(data.run().resolve("node-host"));
        return Optional.of(keep(new HostKeeper(
                node.get(), program, data.functions().toAbsolutePath(), data.sockets(), output.writer(), opening)));
    }

    private void awaitReady(Gateway started) throws StartException {
        long deadline = System.nanoTime() + READY_NANOS;
        while (!started.ready()) {
            if (System.nanoTime() > deadline) {
                throw new StartException("no worker became ready within 60 s: see " + config.data()
                        + "/logs/baton.log for what the workers say");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private Set<String> adminHosts() {
        Set<String> hosts = new HashSet<>(config.adminHosts());
        hosts.add(config.bind());
        return hosts;
    }

    private String url(int port) {
        String host = config.bind().equals("localhost") ? "127.0.0.1" : config.bind();
        boolean any = InetAddress.ofLiteral(host).isAnyLocalAddress();
        String shown = any ? "127.0.0.1" : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "http://" + shown + ":" + port;
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    int httpPort() {
        return ports.http();
    }

    int adminPort() {
        return ports.admin();
    }

    /// Lets nobody in any more, lets the workers finish what they have, and closes everything.
    void stop() {
        GatewayLog current = log;
        if (current != null) {
            current.info(LogEvent.PLATFORM_STOPPING);
        }
        Gateway running = gateway;
        if (running != null) {
            running.drain(aot.recording() ? RECORD_MILLIS : DRAIN_MILLIS);
        }
        if (current != null) {
            current.info(LogEvent.PLATFORM_STOPPED);
        }
        close();
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("error: closing " + part.getClass().getSimpleName() + ": " + e);
            }
        }
    }
}
