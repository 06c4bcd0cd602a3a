package baton.engine.chicory;

import baton.engine.CommandShape;
import baton.engine.CompiledModule;
import baton.engine.Ending;
import baton.engine.EndingRules;
import baton.engine.InstanceRunner;
import baton.engine.wasi.Preview1;
import baton.engine.wasi.Stop;
import baton.engine.wasi.Wasi;
import baton.engine.wasi.WasiContext;
import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs invocations in Chicory instances. Owned by one thread; only [#interruptAfter] is called by another,
/// and the lock makes sure that its interrupt hits the run that it was meant for.
final class ChicoryRunner implements InstanceRunner {
    private static final long[] NOTHING = {};

    private final ChicoryEngine engine;
    private final ChicoryGuestMemory memory = new ChicoryGuestMemory();
    private final Wasi wasi;
    private final ImportValues imports;

    /// The thread of the current run and its deadline; guarded by this.
    private @Nullable Thread running;

    private long deadlineNanos;
    private boolean interrupted;

    ChicoryRunner(ChicoryEngine engine, Runnable beforeBlocking) {
        this.engine = engine;
        this.wasi = new Wasi(memory, beforeBlocking);
        this.imports = imports();
    }

    @Override
    public Ending run(CompiledModule module, WasiContext context) {
        drop();
        wasi.begin(context);
        ChicoryModule loaded = (ChicoryModule) module;
        if (loaded.initialMemoryBytes() > context.memoryBytes) {
            return EndingRules.memoryRefused(context, loaded.initialMemoryBytes());
        }
        begin(context.deadlineNanos);
        String trap = null;
        boolean heapExhausted = false;
        try {
            execute(loaded, context.memoryBytes);
        } catch (GuestStopped _) {
            // the reason is in wasi
        } catch (StackOverflowError _) {
            trap = "wasm trap: call stack exhausted";
        } catch (OutOfMemoryError _) {
            heapExhausted = true;
        } catch (ChicoryException failure) {
            trap = "wasm trap: " + failure.getMessage();
        } catch (RuntimeException failure) {
            // Compiled guest code fails with the JVM's own exceptions, too.
            trap = "wasm trap: " + failure;
        } finally {
            if (end()) {
                wasi.stop(Stop.DEADLINE);
            }
        }
        if (heapExhausted) {
            return EndingRules.engineOutOfMemory(context);
        }
        return EndingRules.decide(context, wasi.stop(), memory.size(), trap);
    }

    private void execute(ChicoryModule module, long memoryBytes) {
        int cap = (int) Math.min(module.maximumPages(), memoryBytes / Memory.PAGE_SIZE);
        Instance instance = Instance.builder(module.module())
                .withImportValues(imports)
                .withMachineFactory(module.machines())
                .withMemoryLimits(new MemoryLimits(module.initialPages(), cap))
                .withMemoryFactory(limits -> {
                    Memory made = new ByteArrayMemory(limits);
                    memory.use(made);
                    return made;
                })
                .withStart(false)
                .build();
        instance.export(CommandShape.START).apply();
    }

    /// Called by the engine's ticks on another thread: interrupts a run that is past its deadline.
    synchronized void interruptAfter(long nowNanos) {
        if (running != null && !interrupted && nowNanos - deadlineNanos >= 0) {
            interrupted = true;
            running.interrupt();
        }
    }

    private synchronized void begin(long deadline) {
        running = Thread.currentThread();
        deadlineNanos = deadline;
        interrupted = false;
    }

    /// @return whether the run was interrupted at its deadline; the thread's flag is clear again
    private synchronized boolean end() {
        running = null;
        if (interrupted) {
            var _ = Thread.interrupted();
        }
        return interrupted;
    }

    private ImportValues imports() {
        List<HostFunction> functions = new ArrayList<>();
        for (Preview1 function : Preview1.all()) {
            List<ValType> parameters = new ArrayList<>();
            for (char letter : function.parameters().toCharArray()) {
                parameters.add(letter == 'I' ? ValType.I64 : ValType.I32);
            }
            List<ValType> results = function.returnsErrno() ? List.of(ValType.I32) : List.of();
            functions.add(new HostFunction(
                    Preview1.MODULE,
                    function.importName(),
                    FunctionType.of(parameters, results),
                    (_, arguments) -> call(function, arguments)));
        }
        return ImportValues.builder()
                .addFunction(functions.toArray(HostFunction[]::new))
                .build();
    }

    private long[] call(Preview1 function, long[] arguments) {
        int result;
        try {
            result = wasi.call(function, arguments);
        } catch (RuntimeException failure) {
            wasi.fail(failure);
            throw new GuestStopped();
        }
        if (result == Wasi.STOPPED) {
            throw new GuestStopped();
        }
        return function.returnsErrno() ? new long[] {result} : NOTHING;
    }

    @Override
    public void drop() {
        memory.use(null);
    }

    @Override
    public void close() {
        drop();
        engine.forget(this);
    }
}
