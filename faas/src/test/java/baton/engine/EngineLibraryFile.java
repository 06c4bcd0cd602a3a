package baton.engine;

import baton.build.BuildException;
import baton.build.CacheDirectory;
import baton.build.EngineLibrary;
import baton.build.Progress;
import java.nio.file.Path;

/// The engine's library for tests, fetched as `up` fetches it where it is not in the cache yet.
public final class EngineLibraryFile {
    private EngineLibraryFile() {}

    public static Path path() {
        try {
            return new EngineLibrary(CacheDirectory.ofEnvironment(System.getenv())).prepare(Progress.NONE);
        } catch (BuildException e) {
            throw new AssertionError("the tests need the engine's library", e);
        }
    }
}
