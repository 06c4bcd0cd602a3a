package baton.pool;

import baton.log.Log;
import baton.log.LogEvent;
import baton.posix.ChildProcess;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Starts worker processes and buries those that end. It works on a thread of its own, since starting a
/// process takes milliseconds, and tells the gateway's loop through callbacks.
///
/// A worker that ends after a while is replaced at once; one that keeps ending right after its start is
/// replaced more and more slowly.
public final class Supervisor implements AutoCloseable {
    /// Reason of a worker that ended because it was drained.
    public static final String DRAINED = "drained";

    private static final int SIGKILL = 9;
    private static final int REAP_MILLIS = 5_000;
    private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long FIRST_DELAY_MILLIS = 50;
    private static final long MAX_DELAY_MILLIS = 5_000;

    private final WorkerLaunch launch;
    private final Log log;
    private final Started started;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("supervisor").unstarted(task));
    private final Map<String, Long> startedNanos = new HashMap<>();
    private final Map<String, Long> delays = new HashMap<>();
    private volatile boolean stopping;

    /// Told of every worker that was started.
    @FunctionalInterface
    public interface Started {
        void started(Seat seat, WorkerLaunch.Started worker);
    }

    public Supervisor(WorkerLaunch launch, Log log, Started started) {
        this.launch = launch;
        this.log = log;
        this.started = started;
    }

    /// The thread that may be given other slow work of starting processes.
    public ScheduledExecutorService executor() {
        return thread;
    }

    /// Starts a worker for an empty seat.
    public void fill(Seat seat) {
        thread.execute(() -> start(seat));
    }

    private void start(Seat seat) {
        if (stopping) {
            return;
        }
        try {
            WorkerLaunch.Started worker = launch.start(seat.id());
            startedNanos.put(seat.id(), System.nanoTime());
            log.info(
                    LogEvent.WORKER_STARTED,
                    "worker",
                    seat.id(),
                    "pid",
                    worker.process().pid());
            started.started(seat, worker);
        } catch (IOException e) {
            log.error(LogEvent.WORKER_EXITED, "worker", seat.id(), "error", e.getMessage());
            thread.schedule(() -> start(seat), MAX_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /// A worker is of no use any more: ends it for certain, collects it and fills its seat again.
    ///
    /// @param reason why, for the log
    public void bury(Seat seat, ChildProcess process, String reason) {
        thread.execute(() -> {
            process.signal(SIGKILL);
            boolean ended = process.await(REAP_MILLIS);
            int status = process.reap();
            process.close();
            if (stopping) {
                return;
            }
            log.event(
                    reason.equals(DRAINED) ? Log.Level.INFO : Log.Level.WARN,
                    LogEvent.WORKER_EXITED,
                    "",
                    "worker",
                    seat.id(),
                    "pid",
                    process.pid(),
                    "status",
                    ended ? status : "still running",
                    "reason",
                    reason);
            thread.schedule(() -> start(seat), delayMillis(seat), TimeUnit.MILLISECONDS);
        });
    }

    private long delayMillis(Seat seat) {
        Long begun = startedNanos.get(seat.id());
        boolean stable = begun != null && System.nanoTime() - begun > STABLE_NANOS;
        long before = delays.getOrDefault(seat.id(), 0L);
        long delay = stable ? 0 : Math.min(MAX_DELAY_MILLIS, Math.max(FIRST_DELAY_MILLIS, before * 2));
        delays.put(seat.id(), delay);
        return delay;
    }

    /// No worker is replaced any more.
    public void stop() {
        stopping = true;
    }

    @Override
    public void close() {
        stopping = true;
        thread.shutdown();
        try {
            if (!thread.awaitTermination(2L * REAP_MILLIS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
