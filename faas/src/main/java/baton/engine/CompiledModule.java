package baton.engine;

/// A module ready to be instantiated. Users hold it between [#acquire] and [#release]; [#close] retires it,
/// and its native memory is freed as soon as nobody holds it.
public interface CompiledModule extends AutoCloseable {
    /// @return false when the module is retired and must be loaded again
    boolean acquire();

    void release();

    /// Linear memory that a fresh instance begins with, in bytes.
    long initialMemoryBytes();

    @Override
    void close();
}
