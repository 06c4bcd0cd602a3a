package baton.build;

import baton.build.BuildException.Reason;
import baton.build.BuildFrames.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The platform's side of one builder process. Used by one thread at a time; the timer's thread ends the
/// process when an exchange passes its limit.
final class BuilderProcess implements AutoCloseable {
    /// 3 GiB of memory, 512 MiB files; the Java heap holds a module and its translation.
    private static final ChildJvm.Limits LIMITS = new ChildJvm.Limits(3L << 20, 1800, 1L << 20, 256, 640, 5);

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final int ABORTED = 134;
    private static final int KILLED = 137;

    private final Process process;
    private final Path directory;
    private final InputStream in;
    private final OutputStream out;
    private final ScheduledExecutorService timer;
    private final Frame.Hello hello;
    private long busyNanos;

    private BuilderProcess(Process process, Path directory, ScheduledExecutorService timer)
            throws IOException, BuildException {
        this.process = process;
        this.directory = directory;
        this.timer = timer;
        this.in = process.getInputStream();
        this.out = process.getOutputStream();
        if (!(receive("the start of the builder", START_LIMIT) instanceof Frame.Hello greeting)) {
            throw new IOException("the builder's process does not begin with its greeting");
        }
        this.hello = greeting;
    }

    /// Starts a process and waits until it is ready.
    static BuilderProcess start(CacheDirectory cache, EngineKind engine, ScheduledExecutorService timer)
            throws IOException, BuildException {
        Path directory = cache.temporary("builder");
        List<String> arguments = List.of(BuilderMain.SERVE, engine.argument());
        Process process = ChildJvm.prepare(LIMITS, BuilderMain.class.getName(), arguments)
                .redirectError(directory.resolve("stderr.txt").toFile())
                .start();
        try {
            return new BuilderProcess(process, directory, timer);
        } catch (IOException | BuildException failure) {
            process.destroyForcibly();
            CacheDirectory.delete(directory);
            throw failure;
        }
    }

    String compatibility() {
        return hello.compatibility();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// How long this process has built, in all.
    Duration busy() {
        return Duration.ofNanos(busyNanos);
    }

    /// Sends a request and waits for its answer.
    ///
    /// @param what names the build in messages
    /// @throws BuildException when the build failed, or with reason LIMIT when it took too long or too much;
    ///     the process is dead in the latter cases
    void exchange(Frame request, String what, Duration limit) throws BuildException, IOException {
        long start = System.nanoTime();
        try {
            send(request, what);
            Frame answer = receive(what, limit);
            if (answer instanceof Frame.Failed(Reason reason, String message, String detail)) {
                throw new BuildException(reason, message, detail);
            }
        } finally {
            busyNanos += System.nanoTime() - start;
        }
    }

    private void send(Frame request, String what) throws BuildException, IOException {
        try {
            BuildFrames.write(out, request);
        } catch (IOException gone) {
            throw died(what, ExternalTool.await(process, END_LIMIT), gone);
        }
    }

    private Frame receive(String what, Duration limit) throws BuildException, IOException {
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> end = timer.schedule(
                () -> {
                    late.set(true);
                    process.destroyForcibly();
                },
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            return BuildFrames.read(in);
        } catch (IOException gone) {
            int status = ExternalTool.await(process, END_LIMIT);
            if (late.get()) {
                throw new BuildException(
                        Reason.LIMIT,
                        "Building " + what + " took longer than the " + limit.toSeconds() + " s that a build gets.",
                        "");
            }
            throw died(what, status, gone);
        } finally {
            end.cancel(false);
        }
    }

    private BuildException died(String what, int status, IOException gone) throws IOException {
        String said = ExternalTool.tail(directory.resolve("stderr.txt"));
        if (status == ABORTED || status == KILLED) {
            long mebibytes = LIMITS.dataKib() >> 10;
            return new BuildException(
                    Reason.LIMIT,
                    "Building " + what + " ended the builder's process (status " + status
                            + "), most likely for want of memory: it gets " + mebibytes + " MiB.",
                    said);
        }
        return new BuildException(
                Reason.PLATFORM,
                "The builder's process ended with status " + status + " within " + what + " (" + gone.getMessage()
                        + "). The next build starts another.",
                said);
    }

    /// Ends the process.
    @Override
    public void close() throws IOException {
        // The end of its stdin ends it.
        try {
            out.close();
        } catch (IOException alreadyGone) {
            process.destroyForcibly();
        }
        ExternalTool.await(process, END_LIMIT);
        CacheDirectory.delete(directory);
    }
}
