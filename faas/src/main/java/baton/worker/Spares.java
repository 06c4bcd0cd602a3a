package baton.worker;

import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The slots that neither lead nor run, and the invocations that wait for one. Any thread.
///
/// Functions known to be slow may use all spares but a reserve, which stays for taking over the loop.
final class Spares {
    private final int reserve;
    private final int queueLimit;
    private final ArrayDeque<Slot> free = new ArrayDeque<>();
    private final ArrayDeque<Job> waiting = new ArrayDeque<>();
    private volatile int freeCount;
    private volatile int waitingCount;

    /// @param reserve spares that only take over the loop
    /// @param queueLimit jobs that may wait; at the limit a request is answered with 429
    Spares(int reserve, int queueLimit) {
        this.reserve = reserve;
        this.queueLimit = queueLimit;
    }

    int free() {
        return freeCount;
    }

    int waiting() {
        return waitingCount;
    }

    /// Takes a spare slot, or null when none is free.
    synchronized @Nullable Slot take() {
        Slot slot = free.pollFirst();
        freeCount = free.size();
        return slot;
    }

    /// Gives back a slot that was taken for nothing. A job that came meanwhile found it missing, and gets it
    /// now.
    void giveBack(Slot slot) {
        Job job = nextFor(slot);
        if (job != null) {
            slot.runJob(job);
        }
    }

    /// Gives a job to a spare slot, or lets it wait.
    ///
    /// @param slow whether the function is known to be slow, and must leave the reserve alone
    /// @return false when too many wait already
    boolean submit(Job job, boolean slow) {
        Slot slot;
        synchronized (this) {
            if (free.size() <= (slow ? reserve : 0)) {
                if (waiting.size() >= queueLimit) {
                    return false;
                }
                waiting.addLast(job);
                waitingCount = waiting.size();
                return true;
            }
            slot = free.removeFirst();
            freeCount = free.size();
        }
        slot.runJob(job);
        return true;
    }

    /// The next job for a slot that has finished one, or null, and then the slot is a spare again.
    synchronized @Nullable Job nextFor(Slot slot) {
        Job job = free.size() >= reserve ? waiting.pollFirst() : null;
        waitingCount = waiting.size();
        if (job == null) {
            free.addFirst(slot);
            freeCount = free.size();
        }
        return job;
    }

    /// Gives the loop to a spare slot if the leader's call is still the one seen.
    ///
    /// @return false when no slot is free or the call ended first
    boolean takeOver(EventLoop loop, long seen) {
        Slot slot = take();
        if (slot == null) {
            return false;
        }
        if (!loop.takeOver(seen)) {
            giveBack(slot);
            return false;
        }
        slot.lead(loop);
        return true;
    }

    static void wake(Thread thread) {
        LockSupport.unpark(thread);
    }
}
