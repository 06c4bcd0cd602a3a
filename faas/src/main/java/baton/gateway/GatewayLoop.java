package baton.gateway;

import baton.log.Log;
import baton.log.LogEvent;
import baton.posix.Epoll;
import baton.posix.Errno;
import baton.posix.Syscalls;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The gateway's event loop: one thread that owns the listener, the clients it has not handed over yet and
/// the control sockets of all workers. Others ask it by [#post].
final class GatewayLoop implements Runnable, AutoCloseable {
    private static final int BATCH = 512;
    private static final int TICK_MILLIS = 100;

    /// Handles the events of one descriptor.
    @FunctionalInterface
    interface Handler {
        void onEvents(int events);
    }

    private record Watched(Handler handler, int generation) {}

    private final Syscalls syscalls = new Syscalls();
    private final Epoll epoll;
    private final int wake;
    private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Syscalls wakeSyscalls = new Syscalls();
    private @Nullable Watched[] watched = new @Nullable Watched[1024];
    private int generations;
    private final Log log;
    private volatile @Nullable Runnable tick;
    private long nowNanos = System.nanoTime();
    private volatile boolean stopped;

    /// @param log told of what no part of the gateway expected
    GatewayLoop(Log log) throws IOException {
        this.log = log;
        this.epoll = Epoll.open(BATCH);
        this.wake = Errno.check(syscalls.eventDescriptor(), "eventfd");
        watch(wake, Epoll.IN | Epoll.EDGE, events -> {});
    }

    /// System calls of the loop's thread.
    Syscalls syscalls() {
        return syscalls;
    }

    long nowNanos() {
        return nowNanos;
    }

    /// What is done about ten times a second.
    void onTick(Runnable action) {
        tick = action;
    }

    /// Watches a descriptor. Loop thread, or before it runs.
    void watch(int fd, int interest, Handler handler) {
        if (fd >= watched.length) {
            watched = Arrays.copyOf(watched, Math.max(watched.length * 2, fd + 1));
        }
        Watched entry = new Watched(handler, ++generations);
        watched[fd] = entry;
        epoll.add(syscalls, fd, interest, (long) entry.generation << 32 | fd);
    }

    void changeInterest(int fd, int interest) {
        Watched entry = watched[fd];
        if (entry != null) {
            epoll.modify(syscalls, fd, interest, (long) entry.generation << 32 | fd);
        }
    }

    /// Forgets a descriptor before it is closed or handed over.
    void forget(int fd) {
        if (fd < watched.length && watched[fd] != null) {
            watched[fd] = null;
            epoll.remove(syscalls, fd);
        }
    }

    /// Runs something on the loop. Any thread.
    void post(Runnable action) {
        posted.add(action);
        if (!woken.getAndSet(true)) {
            synchronized (wakeSyscalls) {
                wakeSyscalls.wake(wake);
            }
        }
    }

    void stop() {
        stopped = true;
        post(() -> {});
    }

    @Override
    public void run() {
        long nextTick = System.nanoTime();
        while (!stopped) {
            int count = epoll.await(syscalls, TICK_MILLIS);
            nowNanos = System.nanoTime();
            for (int i = 0; i < count; i++) {
                long data = epoll.dataAt(i);
                Watched target = watched[(int) data];
                if (target != null && target.generation == (int) (data >>> 32)) {
                    int events = epoll.eventsAt(i);
                    guarded(() -> target.handler.onEvents(events));
                }
            }
            woken.set(false);
            for (Runnable next = posted.poll(); next != null; next = posted.poll()) {
                guarded(next);
            }
            if (nowNanos >= nextTick) {
                nextTick = nowNanos + TICK_MILLIS * 1_000_000L;
                Runnable action = tick;
                if (action != null) {
                    guarded(action);
                }
            }
        }
    }

    /// One client or worker that the gateway fails at must not end it for all others.
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException failure) {
            log.error(LogEvent.INTERNAL_ERROR, "thread", "gateway", "error", failure);
        }
    }

    @Override
    public void close() {
        epoll.close();
        syscalls.close(wake);
    }
}
