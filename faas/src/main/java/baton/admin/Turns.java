package baton.admin;

import baton.function.ErrorCode;
import baton.function.FunctionName;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets one thread at a time change a function of a name. Safe for use by several threads.
final class Turns {
    /// How long a deploy waits for an earlier one of the same name.
    static final Duration MAX_WAIT = Duration.ofSeconds(60);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition returned = lock.newCondition();
    private final Set<FunctionName> taken = new HashSet<>();

    void take(FunctionName name) throws Refusal {
        long deadline = System.nanoTime() + MAX_WAIT.toNanos();
        lock.lock();
        try {
            while (taken.contains(name)) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || !returned.await(left, TimeUnit.NANOSECONDS)) {
                    throw new Refusal(
                            ErrorCode.BUSY,
                            "another deploy of '" + name + "' has not ended for " + MAX_WAIT.toSeconds()
                                    + " s: try again later");
                }
            }
            taken.add(name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(503, ErrorCode.DRAINING.name(), "the platform is stopping");
        } finally {
            lock.unlock();
        }
    }

    void giveBack(FunctionName name) {
        lock.lock();
        try {
            taken.remove(name);
            returned.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
