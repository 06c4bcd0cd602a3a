package baton;

import baton.build.CacheDirectory;
import baton.log.Log;
import baton.log.LogEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Has the ahead-of-time caches of gateway and workers recorded, once for each build of the program: a
/// rehearsal in another process, in the background and at the lowest priority.
final class AotTraining implements AutoCloseable {
    private static final Duration LOCK_LIMIT = Duration.ofMillis(10);

    private final Path directory;
    private final CacheDirectory cache;
    private final Log log;
    private final Thread thread;
    private volatile boolean closed;

    private AotTraining(Path directory, CacheDirectory cache, Log log) {
        this.directory = directory;
        this.cache = cache;
        this.log = log;
        this.thread = Thread.ofPlatform().daemon().name("aot-training").unstarted(this::run);
    }

    /// Begins unless the caches are there, or nobody would use them.
    static AutoCloseable beginIfNeeded(AotCaches aot, CacheDirectory cache, Log log) {
        Optional<Path> directory = aot.directory();
        boolean needed = directory.isPresent()
                && !aot.recording()
                && !(Files.exists(directory.get().resolve("gateway.aot"))
                        && Files.exists(directory.get().resolve("worker.aot")));
        if (!needed) {
            return () -> {};
        }
        AotTraining training = new AotTraining(directory.get(), cache, log);
        training.thread.start();
        return training;
    }

    private void run() {
        try (var _ = cache.lock("aot", LOCK_LIMIT)) {
            Path made = cache.temporary("aot");
            try {
                if (rehearse(made) && !closed) {
                    Files.createDirectories(directory);
                    publish(made, "worker.aot");
                    publish(made, "gateway.aot");
                    log.info(LogEvent.START_CACHE_READY, "directory", directory);
                }
            } finally {
                CacheDirectory.delete(made);
            }
        } catch (IOException e) {
            log.info(LogEvent.START_CACHE_FAILED, "error", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(Path made, String name) throws IOException {
        Files.move(made.resolve(name), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean rehearse(Path made) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ownFlags());
        command.add("-XX:AOTCacheOutput=" + made.resolve("gateway.aot"));
        command.addAll(List.of("-jar", System.getProperty("java.class.path"), "rehearse-platform"));
        command.add(made.resolve("data").toString());
        command.add(made.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(made.resolve("output").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        try {
            int status = process.waitFor();
            if (status != 0 && !closed) {
                log.info(
                        LogEvent.START_CACHE_FAILED,
                        "error",
                        Files.readString(made.resolve("output")).strip());
            }
            return status == 0;
        } finally {
            process.destroy();
        }
    }

    /// The flags of this process, which those of the recording one must equal.
    private static List<String> ownFlags() {
        List<String> flags = new ArrayList<>();
        for (String argument : ProcessHandle.current().info().arguments().orElse(new String[0])) {
            if (argument.equals("-jar")) {
                break;
            }
            if (!argument.startsWith("-XX:AOT") && !argument.startsWith("-Dbaton.")) {
                flags.add(argument);
            }
        }
        return flags;
    }

    /// Ends the rehearsal if it is still under way; it begins anew at the next start.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
