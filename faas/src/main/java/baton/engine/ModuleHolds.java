package baton.engine;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts who holds a module and says who frees it: whoever is last once it is retired. Thread-safe.
public final class ModuleHolds {
    private static final int RETIRED = Integer.MIN_VALUE;

    /// The holders, and the sign bit once retired.
    private final AtomicInteger state = new AtomicInteger();

    /// @return false when the module is retired
    public boolean acquire() {
        int seen = state.get();
        while ((seen & RETIRED) == 0) {
            if (state.compareAndSet(seen, seen + 1)) {
                return true;
            }
            seen = state.get();
        }
        return false;
    }

    /// @return true when the caller was the last holder of a retired module and must free it
    public boolean release() {
        int left = state.decrementAndGet();
        if ((left & ~RETIRED) == ~RETIRED) {
            throw new IllegalStateException("a module was released more often than acquired");
        }
        return left == RETIRED;
    }

    /// Retires the module.
    ///
    /// @return true when nobody holds it, so that the caller must free it; false too when it was retired
    ///     before
    public boolean retire() {
        return state.getAndUpdate(seen -> seen | RETIRED) == 0;
    }
}
