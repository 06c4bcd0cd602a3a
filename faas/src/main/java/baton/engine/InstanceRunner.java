package baton.engine;

import baton.engine.wasi.WasiContext;

/// Runs invocations one after another on one thread, each in a fresh instance. Not thread-safe.
public interface InstanceRunner extends AutoCloseable {
    /// Makes an instance, calls `_start` and tells how it ended; stdout, stderr, exit code and failure
    /// message are in the context. The instance stays until [#drop], so that the caller can answer first and
    /// zero memory after.
    ///
    /// @param module held by the caller (see [CompiledModule#acquire]) until after [#drop]
    Ending run(CompiledModule module, WasiContext context);

    /// Frees the instance of the last run. Does nothing when there is none.
    void drop();

    @Override
    void close();
}
