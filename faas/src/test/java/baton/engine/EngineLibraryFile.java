package baton.engine;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where the build's set-up leaves libwasmtime.
public final class EngineLibraryFile {
    private EngineLibraryFile() {}

    /// @throws IllegalStateException when the library is not there
    public static Path path() {
        String home = System.getenv("BATON_HOME");
        Path cache = home != null ? Path.of(home) : Path.of(System.getProperty("user.home"), ".cache", "baton");
        Path library = cache.resolve("engine/wasmtime-49.0.0/libwasmtime.so");
        if (!Files.isRegularFile(library)) {
            throw new IllegalStateException(library + " is missing. `./baton test` fetches it before the tests run.");
        }
        return library;
    }
}
