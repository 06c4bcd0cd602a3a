package baton;

import baton.config.PlatformConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;

/// The `up` command: the platform in the foreground until a signal ends it.
final class Up {
    private static final int FAILED = 1;

    private Up() {}

    /// @return the exit code: 1 when it cannot start; a signal ends the process with 0 after everything is
    ///     closed
    static int run(PlatformConfig config) {
        long started = System.currentTimeMillis() - ProcessAge.millis();
        Announcer announcer = new Announcer(System.out, started);
        Platform platform;
        try {
            platform = Platform.start(config, announcer, AotCaches.ofLauncher());
        } catch (StartException e) {
            System.err.println("error: " + e.getMessage());
            return FAILED;
        } catch (IOException | UncheckedIOException e) {
            System.err.println("error: the platform cannot start: " + e.getMessage());
            return FAILED;
        }
        Thread hook = new Thread(
                () -> {
                    platform.stop();
                    // Everything is closed; without this the exit code would be the signal's.
                    Runtime.getRuntime().halt(0);
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }
}
