package baton.engine.chicory;

import baton.engine.CompiledModule;
import baton.engine.ModuleHolds;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import java.util.function.Function;

/// A parsed module and the classes compiled from it; the garbage collector frees both. Thread-safe.
///
/// @param maximumPages what the module allows its memory to grow to
record ChicoryModule(
        WasmModule module,
        Function<Instance, Machine> machines,
        int initialPages,
        int maximumPages,
        long initialMemoryBytes,
        ModuleHolds holds)
        implements CompiledModule {
    @Override
    public boolean acquire() {
        return holds.acquire();
    }

    @Override
    public void release() {
        var _ = holds.release();
    }

    @Override
    public void close() {
        var _ = holds.retire();
    }
}
