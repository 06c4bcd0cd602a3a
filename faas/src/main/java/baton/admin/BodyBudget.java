package baton.admin;

import baton.function.ErrorCode;
import java.util.concurrent.Semaphore;

/// Memory that the bodies of all requests under way may take together, so that many uploads at once cannot
/// exhaust the heap. Safe for use by several threads.
final class BodyBudget {
    private static final int UNIT = 1 << 10;

    private final Semaphore units;
    private final long bytes;

    BodyBudget(long bytes) {
        this.bytes = bytes;
        this.units = new Semaphore(Math.toIntExact(bytes / UNIT));
    }

    /// What one request has taken; closing gives it back.
    final class Share implements AutoCloseable {
        private int taken;

        /// Takes more.
        ///
        /// @param capacity bytes that the request holds from now on in all
        void growTo(int capacity) throws Refusal {
            int wanted = (capacity + UNIT - 1) / UNIT;
            if (wanted <= taken) {
                return;
            }
            if (!units.tryAcquire(wanted - taken)) {
                throw new Refusal(
                        503,
                        ErrorCode.BUSY.name(),
                        "the uploads under way fill the " + (bytes >> 20)
                                + " MiB that there are for them: try again later");
            }
            taken = wanted;
        }

        @Override
        public void close() {
            units.release(taken);
            taken = 0;
        }
    }

    Share share() {
        return new Share();
    }
}
