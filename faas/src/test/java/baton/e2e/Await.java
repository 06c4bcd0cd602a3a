package baton.e2e;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Waits for what other processes bring about, by asking again and again within a bound.
final class Await {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private Await() {}

    /// A condition that may fail while it is not met.
    @FunctionalInterface
    interface Condition {
        boolean met() throws Exception;
    }

    /// Waits until a condition holds.
    ///
    /// @throws AssertionError saying what was waited for
    static void until(String what, Duration bound, Condition condition) {
        until(() -> what, bound, condition);
    }

    static void until(Supplier<String> what, Duration bound, Condition condition) {
        long deadline = System.nanoTime() + bound.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (condition.met()) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("within " + bound.toSeconds() + " s not: " + what.get(), last);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /// Waits until assertions hold; the last failure is the one that is reported.
    static void untilAsserted(Duration bound, ThrowingCallable assertions) {
        long deadline = System.nanoTime() + bound.toNanos();
        while (true) {
            try {
                assertions.call();
                return;
            } catch (AssertionError failure) {
                if (System.nanoTime() > deadline) {
                    throw failure;
                }
            } catch (Throwable failure) {
                throw new AssertionError(failure);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
