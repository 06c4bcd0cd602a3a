package baton.admin;

import baton.function.Language;
import baton.metrics.FunctionTotals;
import baton.posix.Descriptor;
import baton.posix.TcpListener;
import baton.registry.ArtifactStore;
import baton.registry.RecordingLog;
import baton.registry.Registry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;

/// A control plane on a free port, with real files and a real registry.
final class Fixture implements AutoCloseable {
    /// A connection that came back through the return door.
    record Returned(Descriptor socket, byte[] unread) {}

    final Path data;
    final RecordingLog log = new RecordingLog();
    final EchoPlane plane = new EchoPlane();
    final FileBuilder builder;
    final FunctionTotals totals = new FunctionTotals();
    final Registry registry;
    final Deployments deployments;
    final ControlServer server;
    final LinkedBlockingQueue<Returned> returned = new LinkedBlockingQueue<>();

    private Fixture(Path data, Path cache, String engine, ControlLimits limits, AccessPolicy policy)
            throws IOException {
        this.data = data;
        this.builder = new FileBuilder(engine);
        this.registry = Registry.open(data, cache, log);
        ArtifactStore store = ArtifactStore.open(data.resolve("functions"));
        this.deployments = new Deployments(registry, store, builder, plane, totals, log);
        deployments.restore();
        ControlApi api = new ControlApi(new ControlApi.Parts(
                deployments,
                plane,
                totals,
                new OneTool(),
                new PlatformFacts("0.1.0", "http://127.0.0.1:8080", "http://127.0.0.1:8081", "none"),
                () -> true,
                data.resolve("logs/functions"),
                List.of(totals)));
        this.server = ControlServer.start(
                TcpListener.open(InetAddress.getLoopbackAddress(), 0, 0),
                api,
                new ControlServer.Doors(policy, policy, (socket, unread) -> returned.add(new Returned(socket, unread))),
                limits,
                log);
    }

    static Fixture open(Path data, Path cache) throws IOException {
        return open(data, cache, ControlLimits.DEFAULT);
    }

    static Fixture open(Path data, Path cache, ControlLimits limits) throws IOException {
        return new Fixture(data, cache, "engine 1", limits, new AccessPolicy(Set.of(), Optional.empty(), true));
    }

    static Fixture openWithEngine(Path data, Path cache, String engine) throws IOException {
        AccessPolicy policy = new AccessPolicy(Set.of(), Optional.empty(), true);
        return new Fixture(data, cache, engine, ControlLimits.DEFAULT, policy);
    }

    static Fixture openWithPolicy(Path data, Path cache, AccessPolicy policy) throws IOException {
        return new Fixture(data, cache, "engine 1", ControlLimits.DEFAULT, policy);
    }

    RawClient connect() throws IOException {
        return new RawClient(server.port());
    }

    /// Sends one request on a connection of its own.
    RawClient.Answer request(String method, String target, String body) throws IOException {
        try (RawClient client = connect()) {
            return client.request(method, target, body);
        }
    }

    @Override
    public void close() {
        server.close();
        registry.close();
    }

    private static final class OneTool implements Inspection {
        @Override
        public List<Tool> tools() {
            return List.of(new Tool("clang", "builds c, cpp", "missing", "", "install clang"));
        }

        @Override
        public List<LanguageStatus> languages() {
            return List.of(new LanguageStatus(Language.C, "preparing", "40 %"));
        }
    }
}
