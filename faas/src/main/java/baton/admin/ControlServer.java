package baton.admin;

import baton.function.ErrorCode;
import baton.log.Log;
import baton.log.LogEvent;
import baton.posix.BlockingSocket;
import baton.posix.Descriptor;
import baton.posix.TcpListener;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The HTTP server of the control plane, with blocking reads and writes. It has two doors: its own port, and
/// [#adopt] for connections of the public port whose next request is the control plane's.
///
/// One thread accepts. Each connection has a thread of its own for as long as it is here, up to a limit;
/// those over it get a short 503 from one further thread, so that neither the acceptor nor the gateway ever
/// waits.
public final class ControlServer implements AutoCloseable {
    private static final int STACK_BYTES = 512 << 10;
    private static final int REFUSALS_QUEUED = 64;
    private static final long THREAD_IDLE_SECONDS = 30;
    private static final long STOP_SECONDS = 10;
    private static final long ACCEPT_RETRY_MILLIS = 100;
    private static final Duration REFUSAL_LINGER = Duration.ofMillis(200);

    /// Through which doors clients come in.
    ///
    /// @param own policy of the own port
    /// @param publicPort policy of connections from the public port
    /// @param returnDoor where those go after their answer
    public record Doors(AccessPolicy own, AccessPolicy publicPort, ReturnDoor returnDoor) {}

    private final TcpListener listener;
    private final Doors doors;
    private final ControlConnection.Shared shared;
    private final Log log;
    private final ThreadPoolExecutor threads;
    private final ThreadPoolExecutor refusals;
    private final Semaphore adoptions;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread acceptor;

    private ControlServer(TcpListener listener, ControlApi api, Doors doors, ControlLimits limits, Log log) {
        this.listener = listener;
        this.doors = doors;
        this.log = log;
        this.shared = new ControlConnection.Shared(
                api,
                limits,
                new BodyBudget(limits.bodyBytes()),
                new Followers(limits.followers()),
                new Resting(),
                api.requests(),
                log);
        this.threads = new ThreadPoolExecutor(
                0,
                limits.connections(),
                THREAD_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                threadsNamed("control-"));
        this.refusals = new ThreadPoolExecutor(
                0,
                1,
                THREAD_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(REFUSALS_QUEUED),
                threadsNamed("control-refusal-"));
        this.adoptions = new Semaphore(limits.adopted());
        this.acceptor = Thread.ofPlatform()
                .name("control-accept")
                .stackSize(STACK_BYTES)
                .unstarted(this::accept);
    }

    /// Begins to serve.
    ///
    /// @param listener the own port; closed with the server
    public static ControlServer start(
            TcpListener listener, ControlApi api, Doors doors, ControlLimits limits, Log log) {
        ControlServer server = new ControlServer(listener, api, doors, limits, log);
        server.acceptor.start();
        return server;
    }

    private static ThreadFactory threadsNamed(String prefix) {
        return Thread.ofPlatform()
                .name(prefix, 0)
                .daemon()
                .stackSize(STACK_BYTES)
                .factory();
    }

    /// The port of the own door.
    public int port() {
        return listener.port();
    }

    /// Takes a connection of the public port over, at the beginning of a request for `/deploy` or `/invoke`.
    /// Never blocks; may be called by any thread.
    ///
    /// @param socket owned by the server from now on
    /// @param alreadyRead bytes that were read from it, from the beginning of the request
    public void adopt(Descriptor socket, byte[] alreadyRead) {
        if (!adoptions.tryAcquire()) {
            refuse(socket, alreadyRead);
            return;
        }
        boolean taken = begin(socket, () -> {
            try {
                serve(socket, alreadyRead, doors.publicPort(), true);
            } finally {
                adoptions.release();
            }
        });
        if (!taken) {
            adoptions.release();
            refuse(socket, alreadyRead);
        }
    }

    private void accept() {
        while (closing.getCount() > 0) {
            try {
                Descriptor socket = listener.accept();
                if (socket == null) {
                    return;
                }
                byte[] nothing = new byte[0];
                if (!begin(socket, () -> serve(socket, nothing, doors.own(), false))) {
                    refuse(socket, nothing);
                }
            } catch (IOException e) {
                // Out of descriptors, mostly: they come back, and a moment later is soon enough.
                log.error(LogEvent.CONNECTION_REFUSED, "listener", "admin", "error", String.valueOf(e.getMessage()));
                pauseAfterFailure();
            }
        }
    }

    private void pauseAfterFailure() {
        try {
            closing.await(ACCEPT_RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean begin(Descriptor socket, Runnable work) {
        try {
            threads.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            log.warn(LogEvent.CONNECTION_REFUSED, "listener", "admin", "fd", socket.number(), "reason", "limit");
            return false;
        }
    }

    private void serve(Descriptor socket, byte[] alreadyRead, AccessPolicy policy, boolean fromPublicPort) {
        try (socket;
                ControlConnection connection =
                        new ControlConnection(shared, policy, fromPublicPort, socket, alreadyRead)) {
            switch (connection.serve()) {
                case CLOSE -> {}
                case AT_REST -> connection.handBackTo(doors.returnDoor());
            }
        } catch (IOException e) {
            log.debug(LogEvent.CONNECTION_REFUSED, "listener", "admin", "error", String.valueOf(e.getMessage()));
        }
    }

    private void refuse(Descriptor socket, byte[] alreadyRead) {
        try {
            refusals.execute(() -> {
                try (BlockingSocket connection = new BlockingSocket(socket)) {
                    ResponseWriter writer = new ResponseWriter(connection, shared.limits());
                    writer.begin(false, true, false);
                    writer.write(Reply.refusal(new Refusal(
                            503,
                            ErrorCode.BUSY.name(),
                            "the control plane serves " + shared.limits().connections()
                                    + " connections already: try again later")));
                    writer.finish(new InputBuffer(connection, alreadyRead), REFUSAL_LINGER);
                } catch (IOException e) {
                    log.debug(
                            LogEvent.CONNECTION_REFUSED, "listener", "admin", "error", String.valueOf(e.getMessage()));
                }
            });
        } catch (RejectedExecutionException e) {
            socket.close();
        }
    }

    /// Stops: no new connections, those at rest are closed, requests under way have a moment to end.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        closing.countDown();
        listener.stopAccepting();
        shared.resting().close();
        threads.shutdown();
        refusals.shutdown();
        try {
            acceptor.join();
            if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
            refusals.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        listener.close();
    }
}
