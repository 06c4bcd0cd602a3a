package baton.registry;

import static org.assertj.core.api.Assertions.assertThat;

import baton.log.LogEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryWatchTest {
    private static final String EDIT = "INSERT INTO functions (k, v) VALUES ('GET:/x', '{}')";

    @TempDir
    Path data;

    @TempDir
    static Path cache;

    private final RecordingLog log = new RecordingLog();

    @Test
    void reactsToAnEditWithinFiveSeconds() throws InterruptedException {
        CountDownLatch reacted = new CountDownLatch(1);
        try (Registry registry = Registry.open(data, cache, log);
                RegistryWatch watch = RegistryWatch.start(registry, RegistryWatch.INTERVAL, reacted::countDown, log)) {
            RegistryFixture.sqlite3(data.resolve(Registry.FILE), EDIT);

            assertThat(reacted.await(5, TimeUnit.SECONDS))
                    .as("reacted, %s", watch)
                    .isTrue();
        }
    }

    @Test
    void triesAgainWhenTheReactionFailed() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        Runnable reaction = () -> {
            if (tries.incrementAndGet() < 3) {
                throw new RegistryException(RegistryException.Reason.LOCKED, "locked for now");
            }
            done.countDown();
        };
        try (Registry registry = Registry.open(data, cache, log);
                RegistryWatch watch = RegistryWatch.start(registry, Duration.ofMillis(20), reaction, log)) {
            RegistryFixture.sqlite3(data.resolve(Registry.FILE), EDIT);

            assertThat(done.await(5, TimeUnit.SECONDS)).as("reacted, %s", watch).isTrue();
            assertThat(log.has(LogEvent.INTERNAL_ERROR)).isTrue();
        }
    }
}
