package baton.engine.wasmtime;

import static baton.engine.wasmtime.LibWasmtime.ALL;
import static baton.engine.wasmtime.LibWasmtime.INT;
import static baton.engine.wasmtime.LibWasmtime.LONG;

import baton.engine.CommandShape;
import baton.engine.CompiledModule;
import baton.engine.Ending;
import baton.engine.EndingRules;
import baton.engine.InstanceRunner;
import baton.engine.wasi.Preview1;
import baton.engine.wasi.Stop;
import baton.engine.wasi.Wasi;
import baton.engine.wasi.WasiContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs invocations in wasmtime stores, one store for each. Owned by one thread; wasmtime makes its upcalls
/// on the thread that called it.
final class WasmtimeRunner implements InstanceRunner {
    private static final List<Preview1> FUNCTIONS = Preview1.all();

    /// `wasmtime_val_raw_t`.
    private static final int RAW_BYTES = 16;

    /// Where a `wasmtime_extern_t` has its value.
    private static final int EXTERN_VALUE = 8;

    private static final int EXTERN_BYTES = 32;
    private static final long UNLIMITED = -1;

    private final WasmtimeEngine engine;
    private final LibWasmtime library;
    private final Arena arena = Arena.ofShared();
    private final long instance;
    private final long extern;
    private final long trapSlot;
    private final long name;
    private final long rawArguments;
    private final long memoryName;
    private final long memoryExtern;
    private final NativeGuestMemory memory;
    private final Wasi wasi;
    private final long[] arguments = new long[Preview1.MAX_PARAMETERS];
    private long store;
    private @Nullable WasiContext running;

    WasmtimeRunner(WasmtimeEngine engine, LibWasmtime library, Runnable beforeBlocking) {
        this.engine = engine;
        this.library = library;
        MemorySegment scratch = arena.allocate(6L * EXTERN_BYTES, RAW_BYTES);
        instance = scratch.address();
        extern = instance + EXTERN_BYTES;
        memoryExtern = extern + EXTERN_BYTES;
        trapSlot = memoryExtern + EXTERN_BYTES;
        name = trapSlot + EXTERN_BYTES;
        rawArguments = name + EXTERN_BYTES;
        memoryName = arena.allocateFrom(CommandShape.MEMORY).address();
        memory = new NativeGuestMemory(library, memoryName, CommandShape.MEMORY.length(), memoryExtern);
        wasi = new Wasi(memory, beforeBlocking);
    }

    @Override
    public Ending run(CompiledModule module, WasiContext context) {
        drop();
        wasi.begin(context);
        memory.reset();
        WasmtimeModule loaded = (WasmtimeModule) module;
        if (loaded.initialMemoryBytes() > context.memoryBytes) {
            return EndingRules.memoryRefused(context, loaded.initialMemoryBytes());
        }
        engine.enter(this);
        running = context;
        store = LibWasmtime.call(library.storeNew, engine.address(), 0, 0, 0);
        long storeContext = LibWasmtime.call(library.storeContext, store);
        LibWasmtime.call(library.storeLimiter, store, context.memoryBytes, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED);
        LibWasmtime.call(library.storeEpochDeadlineCallback, store, engine.deadlineStub(), 0, 0);
        LibWasmtime.call(library.contextSetEpochDeadline, storeContext, 1);
        ALL.set(LONG, trapSlot, 0);
        long error =
                LibWasmtime.call(library.instancePreInstantiate, loaded.linked(), storeContext, instance, trapSlot);
        if (error != 0 || ALL.get(LONG, trapSlot) != 0) {
            return notInstantiated(context, error);
        }
        LibWasmtime.call(
                library.instanceExportNth, storeContext, instance, loaded.startIndex(), name, name + 8, extern);
        error = LibWasmtime.call(
                library.funcCallUnchecked, storeContext, extern + EXTERN_VALUE, rawArguments, 1, trapSlot, 0);
        if (error == 0 && ALL.get(LONG, trapSlot) == 0) {
            return Ending.RETURNED;
        }
        return failed(context, storeContext, error);
    }

    /// The start function trapped or was stopped, or the instance could not be made.
    private Ending notInstantiated(WasiContext context, long error) {
        boolean guest = ALL.get(LONG, trapSlot) != 0;
        String message = library.failure(error, ALL.get(LONG, trapSlot), wasi.stop() == Stop.NONE);
        if (wasi.stop() == Stop.NONE && !guest) {
            return EndingRules.refused(context, "the engine could not make an instance: " + message);
        }
        return EndingRules.decide(context, wasi.stop(), 0, message);
    }

    private Ending failed(WasiContext context, long storeContext, long error) {
        String message = library.failure(error, ALL.get(LONG, trapSlot), wasi.stop() == Stop.NONE);
        long memoryBytes = 0;
        if (LibWasmtime.isTrue(LibWasmtime.call(
                library.instanceExportGet,
                storeContext,
                instance,
                memoryName,
                CommandShape.MEMORY.length(),
                memoryExtern,
                0))) {
            memoryBytes = LibWasmtime.call(library.memoryDataSize, storeContext, memoryExtern + EXTERN_VALUE);
        }
        return EndingRules.decide(context, wasi.stop(), memoryBytes, message);
    }

    /// A call of a WASI function.
    ///
    /// @param function its place in [Preview1#all]
    /// @param caller a `wasmtime_caller_t *`
    /// @param values the raw parameters, and the place for the result
    /// @return 0, or the trap that stops the guest
    long hostCall(int function, long caller, long values) {
        Preview1 called = FUNCTIONS.get(function);
        try {
            int count = called.parameters().length();
            for (int i = 0; i < count; i++) {
                arguments[i] = ALL.get(LONG, values + (long) RAW_BYTES * i);
            }
            memory.enter(caller);
            int result = wasi.call(called, arguments);
            if (result == Wasi.STOPPED) {
                return newStop();
            }
            ALL.set(INT, values, result);
            return 0;
        } catch (Throwable failure) {
            wasi.fail(failure);
            return newStop();
        }
    }

    /// The engine's clock has moved on while the guest runs.
    ///
    /// @param delta where to put the epochs until the next call of this
    /// @return 0, or the error that stops the guest
    long epoch(long delta) {
        WasiContext context = running;
        if (context == null || System.nanoTime() - context.deadlineNanos < 0) {
            ALL.set(LONG, delta, 1);
            return 0;
        }
        wasi.stop(Stop.DEADLINE);
        return LibWasmtime.call(library.errorNew, engine.stopMessage());
    }

    private long newStop() {
        return LibWasmtime.call(library.trapNew, engine.stopMessage(), WasmtimeEngine.STOP_MESSAGE.length());
    }

    @Override
    public void drop() {
        if (store != 0) {
            long old = store;
            store = 0;
            running = null;
            LibWasmtime.call(library.storeDelete, old);
        }
    }

    @Override
    public void close() {
        drop();
        engine.leave(this);
        arena.close();
    }
}
