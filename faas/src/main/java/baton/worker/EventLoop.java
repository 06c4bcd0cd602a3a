package baton.worker;

import baton.posix.Epoll;
import baton.posix.Errno;
import baton.posix.Syscalls;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The worker's one event loop: all its state, so that any slot can go on where another left off.
///
/// The slot that leads runs functions right here. When a call lasts, the watchdog takes the loop away from
/// the slot and gives it to a spare one (leader and followers). One atomic token decides who owns the loop:
/// ```
///            beginCall            endCall wins
///   0 (led) ───────────► odd (a call runs) ───────────► 0, the same slot goes on
///                             │ takeOver wins
///                             └──────────────► 0, a spare slot leads; the old one finishes its call and
///                             posts it
/// ```
/// Everything but [#post], [#takeOver] and the token belongs to the leader: it may only be touched while the
/// token is 0 and by the slot that leads.
final class EventLoop implements AutoCloseable {
    private static final int BATCH = 512;
    private static final VarHandle TOKEN;

    static {
        try {
            TOKEN = MethodHandles.lookup().findVarHandle(EventLoop.class, "token", long.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private final Epoll epoll;
    private final int wake;
    private final ConcurrentLinkedQueue<Posted> posted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    @SuppressWarnings("UnusedVariable") // through TOKEN
    private volatile long token;

    private @Nullable EventTarget[] targets = new @Nullable EventTarget[1024];
    private int generations;
    private long sequence;
    private int cursor;
    private int count;
    private boolean drainPosted;
    private long nowNanos = System.nanoTime();

    EventLoop() throws IOException {
        Syscalls syscalls = Syscalls.ofThread();
        this.epoll = Epoll.open(BATCH);
        this.wake = Errno.check(syscalls.eventDescriptor(), "eventfd");
        register(syscalls, new Wake(wake), Epoll.IN | Epoll.EDGE);
    }

    /// When the current batch of events began; good enough for timeouts.
    long nowNanos() {
        return nowNanos;
    }

    int nextGeneration() {
        return ++generations;
    }

    /// Watches a target.
    void register(Syscalls syscalls, EventTarget target, int interest) {
        if (target.fd >= targets.length) {
            targets = Arrays.copyOf(targets, Math.max(targets.length * 2, target.fd + 1));
        }
        targets[target.fd] = target;
        epoll.add(syscalls, target.fd, interest, (long) target.generation << 32 | target.fd);
    }

    void changeInterest(Syscalls syscalls, EventTarget target, int interest) {
        epoll.modify(syscalls, target.fd, interest, (long) target.generation << 32 | target.fd);
    }

    /// Forgets a target, before its descriptor is closed or handed on.
    void deregister(Syscalls syscalls, EventTarget target) {
        epoll.remove(syscalls, target.fd);
        targets[target.fd] = null;
    }

    /// Every registered target, for sweeps.
    @Nullable
    EventTarget[] targets() {
        return targets;
    }

    /// Handles what is left of the batch and what was posted, then waits for the next batch.
    ///
    /// @return false when the slot lost the loop
    boolean turn(Slot slot, int timeoutMillis) {
        while (cursor < count) {
            int i = cursor++;
            long data = epoll.dataAt(i);
            EventTarget target = targets[(int) data];
            if (target != null
                    && target.generation == (int) (data >>> 32)
                    && !target.onEvents(slot, epoll.eventsAt(i))) {
                return false;
            }
        }
        if (drainPosted && !drain(slot)) {
            return false;
        }
        cursor = 0;
        count = 0;
        slot.beforeWait();
        count = epoll.await(slot.syscalls(), timeoutMillis);
        nowNanos = System.nanoTime();
        return true;
    }

    private boolean drain(Slot slot) {
        // Cleared before the queue is polled: a poster that comes later wakes the loop again.
        woken.set(false);
        for (Posted next = posted.poll(); next != null; next = posted.poll()) {
            if (!next.run(slot)) {
                return false;
            }
        }
        drainPosted = false;
        return true;
    }

    /// Asks the leader to run something. Any thread.
    void post(Syscalls syscalls, Posted item) {
        posted.add(item);
        if (!woken.getAndSet(true)) {
            syscalls.wake(wake);
        }
    }

    /// The leader says that it runs a call now; from here on nothing of the loop is its own.
    ///
    /// @return the token to give to [#endCall]
    long beginCall() {
        long mine = ++sequence << 1 | 1;
        TOKEN.setRelease(this, mine);
        return mine;
    }

    /// The call is over.
    ///
    /// @return whether the caller still leads
    boolean endCall(long mine) {
        return TOKEN.compareAndSet(this, mine, 0L);
    }

    /// The token as it is: odd while a call runs on the leader.
    long token() {
        return (long) TOKEN.getAcquire(this);
    }

    /// Takes the loop from a leader whose call lasts; whoever wins must see that a slot leads it.
    boolean takeOver(long seen) {
        return TOKEN.compareAndSet(this, seen, 0L);
    }

    @Override
    public void close() {
        epoll.close();
        Syscalls.ofThread().close(wake);
    }

    private final class Wake extends EventTarget {
        Wake(int fd) {
            super(fd, 0);
        }

        @Override
        boolean onEvents(Slot leader, int events) {
            drainPosted = true;
            return true;
        }
    }
}
