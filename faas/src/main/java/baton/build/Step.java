package baton.build;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A step under way: a virtual thread tells [Progress] of it every second until it is closed. Steps shorter
/// than a second are not told of.
final class Step implements AutoCloseable {
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread teller;

    Step(String name, Progress progress) {
        long start = System.nanoTime();
        teller = Thread.ofVirtual().name("build-progress").start(() -> tell(name, progress, start));
    }

    private void tell(String name, Progress progress, long start) {
        try {
            boolean told = false;
            while (!end.await(1, TimeUnit.SECONDS)) {
                progress.update(name, since(start), false);
                told = true;
            }
            if (told) {
                progress.update(name, since(start), true);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /// Ends the step; what it told has been heard when this returns.
    @Override
    public void close() {
        end.countDown();
        try {
            teller.join();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
