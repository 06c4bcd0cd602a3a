package baton.engine;

import java.io.IOException;
import java.nio.file.Path;

/// A WebAssembly engine. One is opened per process.
///
/// The builder compiles a module once at deploy; workers load the precompiled form and run every invocation
/// in a fresh instance.
public interface Engine extends AutoCloseable {
    /// Name and version for humans, such as `wasmtime 49.0.0`.
    String name();

    /// Two precompiled forms are interchangeable exactly if they were made under equal values: engine,
    /// version, settings and processor.
    String compatibility();

    /// Validates a module, checks that every import is one that functions get and that it exports what a
    /// command needs (`_start` and `memory`), and compiles it.
    ///
    /// @param wasm a core WebAssembly module
    /// @return the precompiled form, trusted from now on: it must be kept where only the platform writes
    /// @throws InvalidModuleException when the module is truncated, malformed, invalid or asks for
    ///     what is not there
    byte[] compile(byte[] wasm) throws InvalidModuleException;

    /// Loads a precompiled module. Takes 0.2 to 6 ms, so never call it on an event loop.
    ///
    /// @param precompiled a file that [#compile] made
    /// @throws InvalidModuleException when the file was made by another engine or version, or is damaged
    /// @throws IOException when it cannot be read
    CompiledModule load(Path precompiled) throws InvalidModuleException, IOException;

    /// Makes a runner for the calling thread's use; the thread needs a stack of 2 MB or more.
    ///
    /// @param beforeBlocking called on the runner's thread before a host function blocks it
    InstanceRunner newRunner(Runnable beforeBlocking);

    /// Advances the engine's clock for deadlines; the worker's watchdog calls it about every millisecond
    /// while invocations run.
    ///
    /// @param nowNanos [System#nanoTime]
    void tick(long nowNanos);

    @Override
    void close();
}
