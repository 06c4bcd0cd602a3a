package baton;

import baton.build.BuildException;
import baton.build.CacheDirectory;
import baton.build.EngineKind;
import baton.build.EngineLibrary;
import baton.config.EngineChoice;
import baton.config.PlatformConfig;
import baton.log.Log;
import baton.log.LogEvent;

/// Chooses the WebAssembly engine: wasmtime where its library can be had, else the pure-Java one.
final class EngineSetup {
    private EngineSetup() {}

    /// The engine that the workers run.
    ///
    /// @param note for the user, when it is not the one that was wished for
    record Chosen(EngineKind kind, String name, String note) {}

    static Chosen choose(PlatformConfig config, CacheDirectory cache, Log log, Announcer announcer)
            throws StartException {
        if (config.engine() == EngineChoice.CHICORY) {
            return new Chosen(new EngineKind.Chicory(), "chicory (pure Java)", "");
        }
        try {
            EngineKind kind = new EngineKind.Wasmtime(new EngineLibrary(cache).prepare(announcer.progress()));
            return new Chosen(kind, "wasmtime " + EngineLibrary.VERSION, "");
        } catch (BuildException e) {
            if (config.engine() == EngineChoice.WASMTIME) {
                throw new StartException(String.valueOf(e.getMessage()));
            }
            log.warn(LogEvent.ENGINE_FALLBACK, "engine", "chicory", "error", String.valueOf(e.getMessage()));
            return new Chosen(
                    new EngineKind.Chicory(),
                    "chicory (pure Java)",
                    e.getMessage() + " Until then the pure-Java engine serves: slower, and without C and C++.");
        }
    }
}
