package baton.registry;

import baton.log.Log;
import baton.log.LogEvent;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Notices that another program has changed the registry, by asking SQLite once in an interval. Its own
/// thread runs the reaction.
public final class RegistryWatch implements AutoCloseable {
    /// How often SQLite is asked, well within the five seconds that an edit may take to count.
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Duration STOP_WAIT = Duration.ofSeconds(10);

    private final Registry registry;
    private final Duration interval;
    private final Runnable reaction;
    private final Log log;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    private RegistryWatch(Registry registry, Duration interval, Runnable reaction, Log log) {
        this.registry = registry;
        this.interval = interval;
        this.reaction = reaction;
        this.log = log;
        this.thread = Thread.ofPlatform().name("registry-watch").daemon().unstarted(this::run);
    }

    /// Begins to watch.
    ///
    /// @param reaction what to do after a change; a [RegistryException] out of it is logged and it is tried
    ///     again at the next interval
    public static RegistryWatch start(Registry registry, Duration interval, Runnable reaction, Log log) {
        RegistryWatch watch = new RegistryWatch(registry, interval, reaction, log);
        watch.thread.start();
        return watch;
    }

    private void run() {
        boolean pending = false;
        try {
            while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                pending = look(pending);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean look(boolean pending) {
        boolean due = pending;
        try {
            due |= registry.changedByOthers();
            if (due) {
                reaction.run();
            }
            return false;
        } catch (RegistryException e) {
            log.error(LogEvent.INTERNAL_ERROR, "part", "registry-watch", "error", String.valueOf(e.getMessage()));
            return due;
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(STOP_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
