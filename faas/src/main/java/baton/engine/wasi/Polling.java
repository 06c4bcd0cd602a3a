package baton.engine.wasi;

import java.util.concurrent.locks.LockSupport;

/// `poll_oneoff`: waits for clocks and for stdio, never beyond the invocation's deadline. stdio is always
/// ready. Owned by the runner's thread.
///
/// Offsets are those of `subscription` and `event` in `wasi_snapshot_preview1.witx`.
final class Polling {
    /// Returned when the deadline passed, or the thread was interrupted, while waiting.
    static final int CUT = -2;

    /// Waits that last longer are announced first, so that the event loop can go on without this thread.
    private static final long ANNOUNCED_NANOS = 50_000;

    private static final int SUBSCRIPTION_BYTES = 48;
    private static final int EVENT_BYTES = 32;
    private static final int TYPE_CLOCK = 0;
    private static final int TYPE_READ = 1;
    private static final int TYPE_WRITE = 2;
    private static final int ABSOLUTE = 1;
    private static final long HANGUP = 1;
    private static final long NEVER = Long.MAX_VALUE;

    /// What stdout says it would take at once.
    private static final long WRITABLE_BYTES = 65_536;

    private final GuestMemory memory;
    private final Descriptors descriptors;
    private final Clocks clocks;
    private final Runnable beforeBlocking;
    private int events;

    Polling(GuestMemory memory, Descriptors descriptors, Clocks clocks, Runnable beforeBlocking) {
        this.memory = memory;
        this.descriptors = descriptors;
        this.clocks = clocks;
        this.beforeBlocking = beforeBlocking;
    }

    /// @return an errno, or [#CUT]
    int poll(int in, int out, int count, int result, long deadlineNanos) {
        long wanted = Integer.toUnsignedLong(count);
        if (wanted == 0) {
            return Errno.INVAL;
        }
        memory.require(in, wanted * SUBSCRIPTION_BYTES);
        memory.require(out, wanted * EVENT_BYTES);
        memory.require(result, 4);
        events = 0;
        long wait = NEVER;
        for (int i = 0; i < count; i++) {
            long one = first(in + i * SUBSCRIPTION_BYTES, out);
            if (one < 0) {
                return Errno.INVAL;
            }
            wait = Math.min(wait, one);
        }
        long begin = System.nanoTime();
        long waited = Math.min(wait, NEVER / 2);
        while (events == 0) {
            if (!waitUntil(begin + waited, deadlineNanos)) {
                return CUT;
            }
            for (int i = 0; i < count; i++) {
                expired(in + i * SUBSCRIPTION_BYTES, out, waited);
            }
            waited += ANNOUNCED_NANOS;
        }
        memory.putInt(result, events);
        return Errno.SUCCESS;
    }

    /// Looks at a subscription before waiting and writes its event if there is one already.
    ///
    /// @return nanoseconds until it fires, [#NEVER] when its event is written, -1 for an unknown type
    private long first(int subscription, int out) {
        return switch (memory.getByte(subscription + 8)) {
            case TYPE_CLOCK -> firstOfClock(subscription, out);
            case TYPE_READ -> {
                boolean readable = descriptors.isStdin(memory.getInt(subscription + 16));
                long bytes = readable ? descriptors.stdinLeft() : 0;
                event(out, subscription, readable ? Errno.SUCCESS : Errno.BADF, bytes, bytes == 0 ? HANGUP : 0);
                yield NEVER;
            }
            case TYPE_WRITE -> {
                boolean writable = descriptors.isOutput(memory.getInt(subscription + 16));
                event(out, subscription, writable ? Errno.SUCCESS : Errno.BADF, writable ? WRITABLE_BYTES : 0, 0);
                yield NEVER;
            }
            default -> -1;
        };
    }

    private long firstOfClock(int subscription, int out) {
        int clock = memory.getInt(subscription + 16);
        if (clock != Clocks.REALTIME && clock != Clocks.MONOTONIC) {
            event(out, subscription, Clocks.exists(clock) ? Errno.NOTSUP : Errno.INVAL, 0, 0);
            return NEVER;
        }
        long left = left(subscription, clock);
        if (left > 0) {
            return left;
        }
        event(out, subscription, Errno.SUCCESS, 0, 0);
        return NEVER;
    }

    /// Nanoseconds until a clock subscription fires, 0 when it has.
    private long left(int subscription, int clock) {
        long timeout = memory.getLong(subscription + 24);
        if (timeout < 0) {
            return NEVER;
        }
        boolean absolute = (memory.getShort(subscription + 40) & ABSOLUTE) != 0;
        return absolute ? Math.max(0, timeout - clocks.now(clock)) : timeout;
    }

    /// After the wait: writes the event of a clock that has fired. All subscriptions are clocks by then.
    private void expired(int subscription, int out, long waited) {
        boolean absolute = (memory.getShort(subscription + 40) & ABSOLUTE) != 0;
        long left = left(subscription, memory.getInt(subscription + 16));
        if (absolute ? left == 0 : left <= waited) {
            event(out, subscription, Errno.SUCCESS, 0, 0);
        }
    }

    private void event(int out, int subscription, int error, long bytes, long flags) {
        int at = out + events * EVENT_BYTES;
        memory.putLong(at, memory.getLong(subscription));
        memory.putLong(at + 8, error | (long) memory.getByte(subscription + 8) << 16);
        memory.putLong(at + 16, bytes);
        memory.putLong(at + 24, flags);
        events++;
    }

    /// @return false when the deadline came first or the thread was interrupted, which then stays so
    private boolean waitUntil(long end, long deadlineNanos) {
        boolean cut = end - deadlineNanos > 0;
        long until = cut ? deadlineNanos : end;
        long left = until - System.nanoTime();
        if (left > ANNOUNCED_NANOS) {
            beforeBlocking.run();
        }
        while (left > 0) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            if (left > ANNOUNCED_NANOS) {
                LockSupport.parkNanos(this, left);
            } else {
                Thread.onSpinWait();
            }
            left = until - System.nanoTime();
        }
        return !cut;
    }
}
