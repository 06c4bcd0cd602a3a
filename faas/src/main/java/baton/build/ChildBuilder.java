package baton.build;

import baton.build.BuildException.Reason;
import baton.build.BuildFrames.Frame;
import baton.function.Language;
import baton.log.Log;
import baton.log.LogEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Builds in a process of its own that has limits, is started by the first build and ended when it has been
/// idle. One build runs at a time; the others wait in order. Whoever holds `turn` owns the process.
public final class ChildBuilder implements Builder {
    /// Builds that may wait.
    static final int QUEUE_LIMIT = 16;

    private static final Duration IDLE_LIMIT = Duration.ofSeconds(60);

    private static final Duration IDLE_CHECK = Duration.ofSeconds(10);

    /// A process that built for this long in all is replaced, before its limit of processor time ends it.
    private static final Duration LIFE_LIMIT = Duration.ofMinutes(5);

    private static final long ARTIFACTS_BYTES = 512L << 20;

    private final CacheDirectory cache;
    private final EngineKind engine;
    private final ClangToolchain clang;
    private final Log log;
    private final ArtifactCache artifacts;
    private final Compatibility compatibility;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final AtomicInteger queued = new AtomicInteger();
    private final ScheduledExecutorService timer;
    private final Future<?> idleCheck;
    private @Nullable BuilderProcess process;
    private long lastUse;
    private boolean closed;

    public ChildBuilder(CacheDirectory cache, EngineKind engine, ClangToolchain clang, Log log) throws IOException {
        this.cache = cache;
        this.engine = engine;
        this.clang = clang;
        this.log = log;
        this.artifacts = new ArtifactCache(cache, ARTIFACTS_BYTES);
        this.compatibility = new Compatibility(cache, engine);
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("builder-timer").factory());
        long every = IDLE_CHECK.toMillis();
        this.idleCheck = timer.scheduleWithFixedDelay(this::endIdle, every, every, TimeUnit.MILLISECONDS);
        cache.sweep();
    }

    @Override
    public Artifact build(Language language, String fileName, byte[] source, Path directory) throws BuildException {
        return build(language, fileName, source, directory, notice -> {});
    }

    /// As [Builder#build]; `notice` hears in sentences what the build waits for.
    public Artifact build(Language language, String fileName, byte[] source, Path directory, Consumer<String> notice)
            throws BuildException {
        String name = SourceCheck.cleanName(language, fileName);
        SourceCheck.require(language, name, source);
        try {
            Path code = directory.resolve("code." + language.extension());
            Files.write(code, source);
            return switch (language) {
                case HTML, JS -> new Artifact(code, Sha256.of(source), false);
                case C, CPP, WASM -> module(language, name, source, directory, notice);
                case RUST, GO, PYTHON, PHP ->
                    throw new BuildException(
                            Reason.TOOL,
                            "Functions in " + language.label() + " cannot be built by this release; it builds "
                                    + Language.deployableLabels() + ".",
                            "");
            };
        } catch (IOException failure) {
            throw platform(name, failure);
        }
    }

    @Override
    public Artifact recompile(Path directory) throws BuildException {
        try {
            Path work = cache.temporary("build");
            try {
                Files.copy(directory.resolve(BuildServer.WASM), work.resolve(BuildServer.WASM));
                String name = String.valueOf(directory.getFileName());
                exchange(new Frame.Translate(work), name, BuildLimits.wall(Language.WASM));
                Path beside = directory.resolve(BuildServer.PRECOMPILED + ".new");
                Files.copy(work.resolve(BuildServer.PRECOMPILED), beside, StandardCopyOption.REPLACE_EXISTING);
                Path precompiled = directory.resolve(BuildServer.PRECOMPILED);
                Files.move(beside, precompiled, StandardCopyOption.ATOMIC_MOVE);
                return new Artifact(precompiled, Sha256.of(precompiled), true);
            } finally {
                CacheDirectory.delete(work);
            }
        } catch (IOException failure) {
            throw platform("code.wasm", failure);
        }
    }

    @Override
    public String compatibility() {
        Optional<String> known = compatibility.known();
        if (known.isPresent()) {
            return known.get();
        }
        turn.lock();
        try {
            return running().compatibility();
        } catch (IOException | BuildException failure) {
            throw new IllegalStateException("the builder does not start: " + failure.getMessage(), failure);
        } finally {
            turn.unlock();
        }
    }

    private Artifact module(Language language, String name, byte[] source, Path directory, Consumer<String> notice)
            throws BuildException, IOException {
        String key = new Sha256()
                .part(language.label())
                .part(language == Language.WASM ? "" : name + ClangArguments.FINGERPRINT + ClangToolchain.VERSION)
                .part(compatibility())
                .part(source)
                .hex();
        Path precompiled = directory.resolve(BuildServer.PRECOMPILED);
        Optional<String> before = artifacts.copyTo(key, directory);
        if (before.isPresent()) {
            return new Artifact(precompiled, before.get(), true);
        }
        Path work = cache.temporary("build");
        try {
            exchange(request(language, name, source, work, notice), name, BuildLimits.wall(language));
            artifacts.put(key, work);
            copy(work, directory, BuildServer.WASM);
            copy(work, directory, BuildServer.PRECOMPILED);
        } finally {
            CacheDirectory.delete(work);
        }
        return new Artifact(precompiled, Sha256.of(precompiled), true);
    }

    private Frame request(Language language, String name, byte[] source, Path work, Consumer<String> notice)
            throws BuildException, IOException {
        if (language == Language.WASM) {
            Files.write(work.resolve(BuildServer.WASM), source);
            return new Frame.Translate(work);
        }
        ClangToolchain.Installation installed = clang.await(notice);
        Path root = Files.createDirectory(work.resolve("root"));
        Files.write(root.resolve(name), source);
        return new Frame.Compile(language, work, name, installed.precompiled(), installed.sysroot());
    }

    private static void copy(Path from, Path to, String name) throws IOException {
        Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private void exchange(Frame request, String name, Duration limit) throws BuildException, IOException {
        if (queued.incrementAndGet() > QUEUE_LIMIT + 1) {
            queued.decrementAndGet();
            throw new BuildException(
                    Reason.BUSY, QUEUE_LIMIT + " builds wait already; deploy " + name + " again in some seconds.", "");
        }
        turn.lock();
        try {
            BuilderProcess builder = running();
            long start = System.nanoTime();
            log.info(LogEvent.BUILD_STARTED, "source", name, "builder", builder.pid());
            builder.exchange(request, name, limit);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            log.info(LogEvent.BUILD_FINISHED, "source", name, "ms", millis);
        } catch (BuildException failure) {
            log.warn(
                    LogEvent.BUILD_FAILED,
                    "source",
                    name,
                    "reason",
                    failure.reason(),
                    "error",
                    String.valueOf(failure.getMessage()));
            throw failure;
        } finally {
            queued.decrementAndGet();
            release();
            turn.unlock();
        }
    }

    /// The process, started if there is none; the caller holds the turn.
    private BuilderProcess running() throws IOException, BuildException {
        if (closed) {
            throw new IOException("the builder is closed");
        }
        BuilderProcess current = process;
        if (current != null && !current.isAlive()) {
            log.warn(LogEvent.BUILDER_EXITED, "pid", current.pid());
            end(current);
            current = null;
        }
        if (current == null) {
            current = BuilderProcess.start(cache, engine, timer);
            process = current;
            lastUse = System.nanoTime();
            compatibility.remember(current.compatibility());
        }
        return current;
    }

    /// After a build: a dead or worn-out process is put away.
    private void release() {
        lastUse = System.nanoTime();
        BuilderProcess current = process;
        if (current == null) {
            return;
        }
        boolean dead = !current.isAlive();
        if (dead) {
            log.warn(LogEvent.BUILDER_EXITED, "pid", current.pid());
        }
        if (dead || current.busy().compareTo(LIFE_LIMIT) > 0) {
            end(current);
        }
    }

    private void end(BuilderProcess current) {
        process = null;
        try {
            current.close();
        } catch (IOException failure) {
            log.warn(LogEvent.INTERNAL_ERROR, "error", "cannot put the builder away: " + failure);
        }
    }

    /// Body of the idle check, on the timer's thread, which must not wait: it also ends builds that are late.
    private void endIdle() {
        if (!turn.tryLock()) {
            return;
        }
        try {
            BuilderProcess current = process;
            if (current != null && System.nanoTime() - lastUse > IDLE_LIMIT.toNanos()) {
                end(current);
            }
        } finally {
            turn.unlock();
        }
    }

    private static BuildException platform(String name, IOException failure) {
        return new BuildException(Reason.PLATFORM, "Building " + name + " failed: " + failure, "");
    }

    /// Ends the process, after the build that is under way.
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            BuilderProcess current = process;
            if (current != null) {
                end(current);
            }
        } finally {
            turn.unlock();
        }
        idleCheck.cancel(false);
        timer.shutdownNow();
    }
}
