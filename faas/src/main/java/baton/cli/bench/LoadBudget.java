package baton.cli.bench;

import java.util.concurrent.atomic.AtomicLong;

/// How many requests may still begin, and until when. All loops share it.
final class LoadBudget {
    private final AtomicLong left;
    private final long endNanos;

    LoadBudget(long requests, long endNanos) {
        this.left = new AtomicLong(requests);
        this.endNanos = endNanos;
    }

    /// Whether one more request may begin now; it is counted then.
    boolean take(long nowNanos) {
        return nowNanos - endNanos < 0 && left.getAndDecrement() > 0;
    }

    /// Lets no further request begin.
    void exhaust() {
        left.set(0);
    }
}
