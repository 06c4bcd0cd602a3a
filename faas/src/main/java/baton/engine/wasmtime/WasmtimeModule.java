package baton.engine.wasmtime;

import baton.engine.CompiledModule;
import baton.engine.ModuleHolds;

/// A module that wasmtime has mapped and linked. Thread-safe.
final class WasmtimeModule implements CompiledModule {
    private final LibWasmtime library;
    private final ModuleHolds holds = new ModuleHolds();
    private final long module;
    private final long linked;
    private final int startIndex;
    private final long initialMemoryBytes;

    /// @param module a `wasmtime_module_t *`, owned from now on
    /// @param linked a `wasmtime_instance_pre_t *`, owned from now on
    /// @param startIndex which export `_start` is
    WasmtimeModule(LibWasmtime library, long module, long linked, int startIndex, long initialMemoryBytes) {
        this.library = library;
        this.module = module;
        this.linked = linked;
        this.startIndex = startIndex;
        this.initialMemoryBytes = initialMemoryBytes;
    }

    long linked() {
        return linked;
    }

    int startIndex() {
        return startIndex;
    }

    @Override
    public boolean acquire() {
        return holds.acquire();
    }

    @Override
    public void release() {
        if (holds.release()) {
            free();
        }
    }

    @Override
    public long initialMemoryBytes() {
        return initialMemoryBytes;
    }

    @Override
    public void close() {
        if (holds.retire()) {
            free();
        }
    }

    private void free() {
        library.cold("wasmtime_instance_pre_delete", linked);
        library.cold("wasmtime_module_delete", module);
    }
}
