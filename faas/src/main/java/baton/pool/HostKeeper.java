package baton.pool;

import baton.function.FunctionVersion;
import baton.function.Language;
import baton.host.NodeProgram;
import baton.log.Log;
import baton.log.LogEvent;
import baton.posix.ChildProcess;
import baton.posix.Descriptor;
import baton.posix.Socket;
import baton.posix.SocketPair;
import baton.posix.UnixListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// The language hosts: a warm process for each version that needs one, started when the first worker asks. A
/// thread of its own owns the map; it blocks on starting processes, so the gateway's loop never does.
public final class HostKeeper implements AutoCloseable {
    /// Hosts at once; beyond, a request is told so.
    public static final int MAX_HOSTS = 64;

    private static final int SIGKILL = 9;
    private static final int REAP_MILLIS = 2_000;

    /// A host that leaves lives so much longer than the timeout of its version.
    private static final int LEAVING_MARGIN_MILLIS = 500;

    /// A worker sees the end of a host's stream a moment before the kernel says that the process has ended.
    private static final int DYING_MILLIS = 50;

    /// One host.
    private record Host(ChildProcess process, UnixListener listener, Descriptor parentEnd, long timeoutMillis) {}

    private final Path node;
    private final NodeProgram program;
    private final Path functions;
    private final Path sockets;
    private final Descriptor output;
    private final Log log;
    private final Map<String, Host> hosts = new HashMap<>();
    /// Hosts of versions that are not live any more, which finish what they have.
    private final Map<String, Host> leaving = new HashMap<>();

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("hosts").unstarted(task));
    private long counter;

    /// @param node the Node executable
    /// @param functions directory of the versions' files
    /// @param sockets private directory for the hosts' sockets
    /// @param output where hosts' own stdout and stderr go
    public HostKeeper(Path node, NodeProgram program, Path functions, Path sockets, Descriptor output, Log log) {
        this.node = node;
        this.program = program;
        this.functions = functions;
        this.sockets = sockets;
        this.output = output;
        this.log = log;
    }

    /// Connects to the host of a version, started if there is none.
    ///
    /// @param then gets the stream, or null and the reason; called on this keeper's thread
    public void connect(FunctionVersion version, BiConsumer<Descriptor, String> then) {
        thread.execute(() -> {
            String id = version.id().toString();
            try {
                buryEnded(id);
                Host host = hosts.get(id);
                if (host == null) {
                    if (hosts.size() >= MAX_HOSTS) {
                        throw new IOException("there are " + MAX_HOSTS + " language hosts already");
                    }
                    host = start(version);
                    hosts.put(id, host);
                }
                then.accept(host.listener.connect(), "");
            } catch (IOException | RuntimeException e) {
                then.accept(null, String.valueOf(e.getMessage()));
            }
        });
    }

    private Host start(FunctionVersion version) throws IOException {
        if (version.language() != Language.JS) {
            throw new IOException("there is no host for " + version.language().label() + " yet");
        }
        String id = version.id().toString();
        Path code = functions.resolve(id).resolve("code." + version.language().extension());
        SocketPair life = SocketPair.open(Socket.SOCK_STREAM);
        UnixListener listener = UnixListener.open(sockets.resolve("h" + ++counter));
        try {
            List<String> command = program.command(
                    node,
                    heapMebibytes(version),
                    List.of("--parent-fd", "4"),
                    code,
                    version.name().value());
            Map<String, String> environment = new HashMap<>(version.environment());
            environment.putIfAbsent("PATH", "/usr/bin:/bin");
            environment.putIfAbsent("LANG", "C.UTF-8");
            ChildProcess process = ChildProcess.start(
                    new ChildProcess.Start(command, environment, output, List.of(listener.socket(), life.far())));
            // Only the host listens: when it ends, streams that it had not accepted yet end with it.
            listener.socket().close();
            log.info(LogEvent.HOST_STARTED, "version", id, "pid", process.pid());
            return new Host(
                    process, listener, life.near(), version.limits().timeout().toMillis());
        } catch (IOException e) {
            listener.close();
            life.near().close();
            throw e;
        } finally {
            life.far().close();
        }
    }

    private static int heapMebibytes(FunctionVersion version) {
        return (int) Math.max(16, version.limits().memoryBytes() >> 20);
    }

    /// Ends the host of a version, which does not answer any more; the next request gets another one.
    public void end(String versionId, String reason) {
        thread.execute(() -> {
            Host host = hosts.remove(versionId);
            if (host != null) {
                bury(versionId, host, reason);
            }
        });
    }

    /// Ends the hosts of versions that are not live any more, as soon as what they work on must have ended.
    public void keepOnly(Set<String> liveIds) {
        thread.execute(() -> List.copyOf(hosts.keySet()).stream()
                .filter(id -> !liveIds.contains(id))
                .forEach(this::leave));
    }

    private void leave(String id) {
        Host host = hosts.remove(id);
        if (host == null) {
            return;
        }
        leaving.put(id, host);
        thread.schedule(
                () -> {
                    leaving.remove(id);
                    bury(id, host, "replaced");
                },
                host.timeoutMillis + LEAVING_MARGIN_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void buryEnded(String id) {
        Host host = hosts.get(id);
        if (host != null && host.process.await(DYING_MILLIS)) {
            hosts.remove(id);
            bury(id, host, "ended by itself");
        }
    }

    private void bury(String id, Host host, String reason) {
        host.process.signal(SIGKILL);
        host.process.await(REAP_MILLIS);
        int status = host.process.reap();
        host.process.close();
        host.parentEnd.close();
        try {
            host.listener.close();
        } catch (IOException e) {
            // The directory is swept at the next start.
            log.warn(LogEvent.HOST_EXITED, "version", id, "error", "cannot remove its socket: " + e.getMessage());
        }
        log.info(LogEvent.HOST_EXITED, "version", id, "pid", host.process.pid(), "status", status, "reason", reason);
    }

    @Override
    public void close() {
        thread.execute(() -> {
            hosts.forEach((id, host) -> bury(id, host, "the platform stops"));
            hosts.clear();
            leaving.forEach((id, host) -> bury(id, host, "the platform stops"));
            leaving.clear();
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(REAP_MILLIS * 4L, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
            Files.deleteIfExists(sockets);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.warn(LogEvent.HOST_EXITED, "error", "cannot remove " + sockets + ": " + e.getMessage());
        }
    }
}
