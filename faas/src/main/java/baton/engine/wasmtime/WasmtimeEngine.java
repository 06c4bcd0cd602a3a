package baton.engine.wasmtime;

import static baton.engine.wasmtime.LibWasmtime.ALL;
import static baton.engine.wasmtime.LibWasmtime.LONG;

import baton.engine.CommandShape;
import baton.engine.CompiledModule;
import baton.engine.Engine;
import baton.engine.InstanceRunner;
import baton.engine.InvalidModuleException;
import baton.engine.wasi.Preview1;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The engine on libwasmtime: ahead-of-time compiled code, pooled instances, WASI in Java.
///
/// Loading and compiling may happen on any thread; a runner belongs to one thread, and its upcalls find it
/// through that thread. [#close] comes after every runner and module is closed.
///
/// Deadlines: every [#tick] moves the engine's epoch on by one, whatever the time; a running guest then asks
/// the clock ([WasmtimeRunner#epoch]). So ticks may come late, early or in a burst without cutting a call
/// too early.
@SuppressWarnings("restricted")
public final class WasmtimeEngine implements Engine {
    static final String STOP_MESSAGE = "stopped by the host";

    /// Linear memory up to this size is zeroed instead of unmapped between instances, which is faster.
    private static final long KEEP_RESIDENT_BYTES = 512 << 10;

    private static final long TABLE_KEEP_RESIDENT_BYTES = 64 << 10;

    /// Largest function table; Go programs have some 10,000 elements.
    private static final long TABLE_ELEMENTS = 100_000;

    /// Part of [#compatibility]; changes with the settings below, which are compiled into modules.
    private static final String SETTINGS = "epoch,nosignals,nothreads,nomemory64,noconcurrency";

    private static final int ELF_MAGIC = 0x464c457f;

    /// Where a precompiled module has the length and the characters of the engine's major version.
    private static final int VERSION_OFFSET = 65;

    private final LibWasmtime library;
    private final Arena arena = Arena.ofShared();

    @SuppressWarnings("ThreadLocalUsage") // there is one engine per process
    private final ThreadLocal<WasmtimeRunner> current = new ThreadLocal<>();

    private final long engine;
    private final long linker;
    private final long deadlineStub;
    private final long stopMessage;

    private WasmtimeEngine(LibWasmtime library, int slots) throws IOException {
        this.library = library;
        this.stopMessage = arena.allocateFrom(STOP_MESSAGE).address();
        try {
            this.engine = library.cold("wasm_engine_new_with_config", configuration(slots));
            this.linker = library.cold("wasmtime_linker_new", engine);
            this.deadlineStub = stub("onEpoch");
            defineImports(stub("onHostCall"));
        } catch (IllegalArgumentException failure) {
            throw new IOException(
                    "The WebAssembly engine's library is not wasmtime " + LibWasmtime.VERSION + ": "
                            + failure.getMessage(),
                    failure);
        }
    }

    /// Opens the engine.
    ///
    /// @param library `libwasmtime.so` of version 49.0.0
    /// @param slots how many instances can live at once, each reserving some address space but no memory; at
    ///     least as many as there are runners
    /// @throws IOException when the library cannot be loaded or lacks a function of that version
    public static WasmtimeEngine open(Path library, int slots) throws IOException {
        return new WasmtimeEngine(LibWasmtime.open(library), slots);
    }

    @Override
    public String name() {
        return "wasmtime " + LibWasmtime.VERSION;
    }

    @Override
    public String compatibility() {
        return "wasmtime-" + LibWasmtime.VERSION + ";" + SETTINGS + ";" + System.getProperty("os.arch") + ";"
                + Processor.features();
    }

    @Override
    public byte[] compile(byte[] wasm) throws InvalidModuleException {
        CommandShape.checkBytes(wasm);
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment input = scratch.allocate(wasm.length);
            MemorySegment.copy(wasm, 0, input, ValueLayout.JAVA_BYTE, 0, wasm.length);
            long out = scratch.allocate(16, 8).address();
            refuse(library.cold("wasmtime_module_new", engine, input.address(), wasm.length, out), "compile");
            long module = ALL.get(LONG, out);
            try {
                ModuleTypes.read(library, module).check();
                refuse(library.cold("wasmtime_module_serialize", module, out), "compile");
                return requireVersion(library.takeBytes(out));
            } finally {
                library.cold("wasmtime_module_delete", module);
            }
        }
    }

    @Override
    public CompiledModule load(Path precompiled) throws InvalidModuleException, IOException {
        requireElf(precompiled);
        try (Arena scratch = Arena.ofConfined()) {
            long out = scratch.allocate(16, 8).address();
            long path = scratch.allocateFrom(precompiled.toString()).address();
            refuse(library.cold("wasmtime_module_deserialize_file", engine, path, out), "load");
            long module = ALL.get(LONG, out);
            try {
                CommandShape shape = ModuleTypes.read(library, module);
                shape.check();
                refuse(library.cold("wasmtime_linker_instantiate_pre", linker, module, out), "link");
                long linked = ALL.get(LONG, out);
                int start = shape.exportIndex(CommandShape.START);
                WasmtimeModule loaded = new WasmtimeModule(library, module, linked, start, shape.memoryBytes());
                module = 0;
                return loaded;
            } finally {
                if (module != 0) {
                    library.cold("wasmtime_module_delete", module);
                }
            }
        }
    }

    @Override
    public InstanceRunner newRunner(Runnable beforeBlocking) {
        return new WasmtimeRunner(this, library, beforeBlocking);
    }

    @Override
    public void tick(long nowNanos) {
        LibWasmtime.call(library.engineIncrementEpoch, engine);
    }

    @Override
    public void close() {
        library.cold("wasmtime_linker_delete", linker);
        library.cold("wasm_engine_delete", engine);
        arena.close();
    }

    long address() {
        return engine;
    }

    long deadlineStub() {
        return deadlineStub;
    }

    /// The address of [#STOP_MESSAGE].
    long stopMessage() {
        return stopMessage;
    }

    /// From now on the upcalls of this thread are for this runner.
    void enter(WasmtimeRunner runner) {
        if (current.get() != runner) {
            current.set(runner);
        }
    }

    void leave(WasmtimeRunner runner) {
        if (current.get() == runner) {
            current.remove();
        }
    }

    /// Upcall of every WASI function. Never throws: that would end the process.
    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // found by name, shaped by the C API
    private long onHostCall(long function, long caller, long values, long count) {
        try {
            return current.get().hostCall((int) function, caller, values);
        } catch (Throwable _) { // the runner has failed to stop the guest; without a message it stops, too
            return LibWasmtime.call(library.trapNew, stopMessage, STOP_MESSAGE.length());
        }
    }

    /// Upcall when the epoch has moved on. Never throws.
    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // found by name, shaped by the C API
    private long onEpoch(long context, long data, long delta, long kind) {
        return current.get().epoch(delta);
    }

    private long configuration(int slots) {
        long config = library.cold("wasm_config_new");
        library.cold("wasmtime_config_epoch_interruption_set", config, 1);
        library.cold("wasmtime_config_signals_based_traps_set", config, 0);
        library.cold("wasmtime_config_concurrency_support_set", config, 0);
        library.cold("wasmtime_config_wasm_threads_set", config, 0);
        library.cold("wasmtime_config_wasm_memory64_set", config, 0);
        long pool = library.cold("wasmtime_pooling_allocation_config_new");
        pool(pool, "total_core_instances", slots);
        pool(pool, "total_memories", slots);
        pool(pool, "total_tables", slots);
        pool(pool, "max_unused_warm_slots", slots);
        pool(pool, "max_memory_size", CommandShape.MEMORY_LIMIT_BYTES);
        pool(pool, "linear_memory_keep_resident", KEEP_RESIDENT_BYTES);
        pool(pool, "table_keep_resident", TABLE_KEEP_RESIDENT_BYTES);
        pool(pool, "table_elements", TABLE_ELEMENTS);
        library.cold("wasmtime_pooling_allocation_strategy_set", config, pool);
        library.cold("wasmtime_pooling_allocation_config_delete", pool);
        return config;
    }

    private void pool(long pool, String setting, long value) {
        library.cold("wasmtime_pooling_allocation_config_" + setting + "_set", pool, value);
    }

    /// Makes one of the two upcalls; both have four pointer-sized parameters and return a pointer.
    private long stub(String method) {
        try {
            MethodType type = MethodType.methodType(long.class, long.class, long.class, long.class, long.class);
            MethodHandle handle = MethodHandles.lookup()
                    .findVirtual(WasmtimeEngine.class, method, type)
                    .bindTo(this);
            ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
            FunctionDescriptor descriptor = FunctionDescriptor.of(word, word, word, word, word);
            return Linker.nativeLinker().upcallStub(handle, descriptor, arena).address();
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("an upcall of the engine is missing", failure);
        }
    }

    /// Gives the linker every WASI function; which one it is comes back in the upcall's first parameter.
    private void defineImports(long hostCall) {
        Map<String, Long> types = new HashMap<>();
        try (Arena scratch = Arena.ofConfined()) {
            long module = scratch.allocateFrom(Preview1.MODULE).address();
            for (int i = 0; i < Preview1.all().size(); i++) {
                Preview1 function = Preview1.all().get(i);
                String name = function.importName();
                String key = function.parameters() + (function.returnsErrno() ? "" : "!");
                Long type = types.get(key);
                if (type == null) {
                    type = functionType(scratch, function);
                    types.put(key, type);
                }
                long error = library.cold(
                        "wasmtime_linker_define_func_unchecked",
                        linker,
                        module,
                        Preview1.MODULE.length(),
                        scratch.allocateFrom(name).address(),
                        name.length(),
                        type,
                        hostCall,
                        i,
                        0);
                String message = library.failure(error, 0, true);
                if (message != null) {
                    throw new IllegalArgumentException(message);
                }
            }
        }
        for (long type : types.values()) {
            library.cold("wasm_functype_delete", type);
        }
    }

    private long functionType(Arena scratch, Preview1 function) {
        long parameters = types(scratch, function.parameters());
        long results = types(scratch, function.returnsErrno() ? "i" : "");
        return library.cold("wasm_functype_new", parameters, results);
    }

    /// A `wasm_valtype_vec_t` of i32 (kind 0) and i64 (kind 1).
    private long types(Arena scratch, String letters) {
        MemorySegment values = scratch.allocate(Math.max(1, letters.length()) * 8L, 8);
        for (int i = 0; i < letters.length(); i++) {
            values.setAtIndex(LONG, i, library.cold("wasm_valtype_new", letters.charAt(i) == 'I' ? 1 : 0));
        }
        long vector = scratch.allocate(16, 8).address();
        library.cold("wasm_valtype_vec_new", vector, letters.length(), values.address());
        return vector;
    }

    /// Frees an error if there is one, and throws it.
    private void refuse(long error, String what) throws InvalidModuleException {
        String message = library.failure(error, 0, true);
        if (message != null) {
            throw new InvalidModuleException("The WebAssembly module does not " + what + ": " + message);
        }
    }

    /// The C API does not tell its version, but what it compiles does. (Loading checks it, too, in wasmtime.)
    private static byte[] requireVersion(byte[] precompiled) {
        String major = LibWasmtime.VERSION.substring(0, LibWasmtime.VERSION.indexOf('.'));
        int length = precompiled[VERSION_OFFSET];
        String found = new String(precompiled, VERSION_OFFSET + 1, length, StandardCharsets.US_ASCII);
        if (!found.equals(major)) {
            throw new IllegalStateException("The WebAssembly engine's library has version " + found + " instead of "
                    + LibWasmtime.VERSION + ". Delete it, so that the right one is fetched again.");
        }
        return precompiled;
    }

    private static void requireElf(Path precompiled) throws InvalidModuleException, IOException {
        try (var in = Files.newInputStream(precompiled)) {
            byte[] head = in.readNBytes(4);
            if (head.length < 4 || MemorySegment.ofArray(head).get(LibWasmtime.INT, 0) != ELF_MAGIC) {
                throw new InvalidModuleException(
                        "The precompiled module " + precompiled + " is damaged. Deploy the function again.");
            }
        }
    }
}
