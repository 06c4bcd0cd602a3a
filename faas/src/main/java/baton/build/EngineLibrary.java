package baton.build;

import baton.build.BuildException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The shared library of the engine, out of the Python wheel of the same name, pinned by checksum.
public final class EngineLibrary {
    /// Version of wasmtime that the bindings are made for.
    public static final String VERSION = "49.0.0";

    private static final String WHEEL_SHA256 = "94f0288f9e1c33924995a72bb769f4c4e2885002391589dd6992cdaa35d1990a";
    private static final String LIBRARY_SHA256 = "9594714d3c73c3087ab3d42d9614cf72973b25c181b8625ffcc46a8a75972d7e";
    private static final String LIBRARY_ENTRY = "wasmtime/linux-x86_64/_libwasmtime.so";
    private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(10);
    private static final Duration LOCK_LIMIT = Duration.ofMinutes(12);

    private final CacheDirectory cache;
    private final Path library;

    public EngineLibrary(CacheDirectory cache) {
        this.cache = cache;
        this.library = cache.path("engine", "wasmtime-" + VERSION, "libwasmtime.so");
    }

    /// The library, when it is in the cache. Its checksum was compared when it was put there.
    public Optional<Path> find() {
        return Files.isRegularFile(library) ? Optional.of(library) : Optional.empty();
    }

    /// Fetches the library unless it is in the cache.
    ///
    /// @throws BuildException with reason TOOL and the cure in its message
    public Path prepare(Progress progress) throws BuildException {
        if (find().isPresent()) {
            return library;
        }
        requireMachine(System.getProperty("os.name"), System.getProperty("os.arch"));
        try (var _ = cache.lock("engine", LOCK_LIMIT);
                var _ = new Step("fetching the WebAssembly engine (wasmtime " + VERSION + ", 10 MB)", progress)) {
            if (find().isEmpty()) {
                fetch();
            }
            return library;
        } catch (IOException failure) {
            throw new BuildException(
                    Reason.TOOL, "The engine's library cannot be put into " + cache.root() + ": " + failure, "");
        }
    }

    static void requireMachine(String system, String processor) throws BuildException {
        if (!system.equals("Linux") || !processor.equals("amd64")) {
            throw new BuildException(
                    Reason.TOOL,
                    "There is no pinned engine library for " + system + " on " + processor
                            + ", only for Linux on amd64; the pure-Java engine serves here.",
                    "");
        }
    }

    private void fetch() throws BuildException, IOException {
        Path work = cache.temporary("engine");
        try {
            Path wheel = download(work);
            requireChecksum("the wheel wasmtime " + VERSION, wheel, WHEEL_SHA256);
            Path made = Files.createDirectory(work.resolve("made"));
            extract(wheel, made.resolve("libwasmtime.so"));
            requireChecksum("libwasmtime.so " + VERSION, made.resolve("libwasmtime.so"), LIBRARY_SHA256);
            cache.publish(made, cache.path("engine", "wasmtime-" + VERSION));
        } finally {
            CacheDirectory.delete(work);
        }
    }

    private static Path download(Path work) throws BuildException, IOException {
        List<String> pip = findPip();
        List<String> command = Stream.concat(
                        pip.stream(),
                        Stream.of(
                                "download",
                                "--no-deps",
                                "--disable-pip-version-check",
                                "--only-binary=:all:",
                                "--platform=manylinux1_x86_64",
                                "--dest=" + work,
                                "wasmtime==" + VERSION))
                .toList();
        ExternalTool.Result result = ExternalTool.run(command, work, DOWNLOAD_LIMIT);
        if (result.status() != 0) {
            String problem =
                    result.status() < 0 ? "no end after " + DOWNLOAD_LIMIT.toMinutes() + " min" : result.complaint();
            throw new BuildException(
                    Reason.TOOL,
                    "pip could not download wasmtime==" + VERSION + " (" + problem
                            + "); check the network and pip's configuration, then start again.",
                    result.output());
        }
        try (var files = Files.newDirectoryStream(work, "*.whl")) {
            return files.iterator().next();
        }
    }

    /// The first pip that answers; a name in PATH alone may be a shim without a Python behind it.
    private static List<String> findPip() throws BuildException, IOException {
        List<List<String>> candidates = List.of(List.of("pip3"), List.of("python3", "-m", "pip"), List.of("pip"));
        for (List<String> candidate : candidates) {
            if (ExternalTool.find(candidate.getFirst()).isEmpty()) {
                continue;
            }
            List<String> ask =
                    Stream.concat(candidate.stream(), Stream.of("--version")).toList();
            Path anywhere = Path.of(System.getProperty("java.io.tmpdir"));
            Process process = new ProcessBuilder(ask)
                    .directory(anywhere.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (ExternalTool.await(process, Duration.ofSeconds(20)) == 0) {
                return candidate;
            }
        }
        throw new BuildException(
                Reason.TOOL,
                "pip is missing, and the engine's library comes by it; install it (Debian: apt install python3-pip), "
                        + "then start again.",
                "");
    }

    private static void extract(Path wheel, Path target) throws BuildException, IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.getEntry(LIBRARY_ENTRY);
            if (entry == null) {
                throw new BuildException(Reason.TOOL, "The wheel of wasmtime holds no " + LIBRARY_ENTRY + ".", "");
            }
            try (var in = zip.getInputStream(entry)) {
                Files.copy(in, target);
            }
        }
    }

    /// @throws BuildException when the file is not the one that this release was made and tested with
    static void requireChecksum(String name, Path file, String expected) throws BuildException, IOException {
        String actual = Sha256.of(file);
        if (!actual.equals(expected)) {
            throw new BuildException(
                    Reason.TOOL,
                    "The checksum of " + name + " is " + actual + " instead of " + expected
                            + ", so it is not used; check where it comes from (a mirror or proxy?).",
                    "");
        }
    }
}
