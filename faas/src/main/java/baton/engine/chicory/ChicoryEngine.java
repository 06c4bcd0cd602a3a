package baton.engine.chicory;

import baton.engine.CommandShape;
import baton.engine.CommandShape.Item;
import baton.engine.CommandShape.Kind;
import baton.engine.CompiledModule;
import baton.engine.Engine;
import baton.engine.InstanceRunner;
import baton.engine.InvalidModuleException;
import baton.engine.ModuleHolds;
import baton.engine.wasi.Preview1;
import com.dylibso.chicory.compiler.Cache;
import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.Export;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.ValType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// The pure-Java engine: modules become JVM classes. For machines where libwasmtime cannot be had; linear
/// memory lies in the Java heap, so workers need a heap of the functions' memory limits.
///
/// Loading and compiling may happen on any thread, and so may [#tick]; a runner belongs to one thread.
public final class ChicoryEngine implements Engine {
    private static final String VERSION = "1.7.5";

    private final List<ChicoryRunner> runners = new CopyOnWriteArrayList<>();

    @Override
    public String name() {
        return "Chicory " + VERSION;
    }

    @Override
    public String compatibility() {
        return "chicory-" + VERSION;
    }

    @Override
    public byte[] compile(byte[] wasm) throws InvalidModuleException {
        CommandShape.checkBytes(wasm);
        try {
            WasmModule module = Parser.parse(wasm);
            shape(module).check();
            Classes classes = new Classes();
            machines(module, classes);
            return new Container(wasm, classes.only()).encode(VERSION);
        } catch (RuntimeException failure) { // malformed bytes bring out more than Chicory's own exceptions
            throw new InvalidModuleException(
                    "The WebAssembly module does not compile: " + failure.getMessage(), failure);
        }
    }

    @Override
    public CompiledModule load(Path precompiled) throws InvalidModuleException, IOException {
        Container container = Container.decode(Files.readAllBytes(precompiled), VERSION, precompiled.toString());
        try {
            WasmModule module = Parser.parse(container.wasm());
            CommandShape shape = shape(module);
            shape.check();
            Classes classes = new Classes();
            classes.putIfAbsent(module.digest(), container.classes());
            MemoryLimits limits =
                    module.memorySection().orElseThrow().getMemory(0).limits();
            return new ChicoryModule(
                    module,
                    machines(module, classes),
                    limits.initialPages(),
                    limits.maximumPages(),
                    shape.memoryBytes(),
                    new ModuleHolds());
        } catch (ChicoryException failure) {
            throw new InvalidModuleException(
                    "The precompiled module " + precompiled + " does not load: " + failure.getMessage(), failure);
        }
    }

    @Override
    public InstanceRunner newRunner(Runnable beforeBlocking) {
        ChicoryRunner runner = new ChicoryRunner(this, beforeBlocking);
        runners.add(runner);
        return runner;
    }

    @Override
    public void tick(long nowNanos) {
        for (ChicoryRunner runner : runners) {
            runner.interruptAfter(nowNanos);
        }
    }

    @Override
    public void close() {
        runners.clear();
    }

    void forget(ChicoryRunner runner) {
        runners.remove(runner);
    }

    /// Compiles, or takes the classes from the cache. A function too large for a JVM method is an error
    /// rather than one that runs some 400 times slower without anybody knowing why.
    private static Function<Instance, Machine> machines(WasmModule module, Cache classes) {
        return MachineFactoryCompiler.builder(module)
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .withCache(classes)
                .compile();
    }

    private static CommandShape shape(WasmModule module) {
        List<Item> imports = new ArrayList<>();
        List<FunctionType> types = new ArrayList<>();
        for (int i = 0; i < module.importSection().importCount(); i++) {
            Import item = module.importSection().getImport(i);
            if (item instanceof FunctionImport function) {
                FunctionType type = module.typeSection().getType(function.typeIndex());
                types.add(type);
                imports.add(new Item(item.module(), item.name(), Kind.FUNCTION, signature(type)));
            } else {
                imports.add(new Item(item.module(), item.name(), kind(item.importType()), ""));
            }
        }
        for (int i = 0; i < module.functionSection().functionCount(); i++) {
            types.add(module.functionSection().getFunctionType(i, module.typeSection()));
        }
        List<Item> exports = new ArrayList<>();
        for (int i = 0; i < module.exportSection().exportCount(); i++) {
            Export item = module.exportSection().getExport(i);
            Kind kind = kind(item.exportType());
            String type = kind == Kind.FUNCTION ? signature(types.get(item.index())) : "";
            exports.add(new Item("", item.name(), kind, type));
        }
        long pages = module.memorySection()
                .filter(section -> section.memoryCount() > 0)
                .map(section -> section.getMemory(0).limits().initialPages())
                .orElse(0);
        return new CommandShape(imports, exports, pages * Memory.PAGE_SIZE);
    }

    private static Kind kind(ExternalType type) {
        return switch (type) {
            case FUNCTION -> Kind.FUNCTION;
            case MEMORY -> Kind.MEMORY;
            case TABLE, GLOBAL, TAG -> Kind.OTHER;
        };
    }

    private static String signature(FunctionType type) {
        return Preview1.signature(letters(type.params()), letters(type.returns()));
    }

    private static String letters(List<ValType> types) {
        StringBuilder letters = new StringBuilder();
        for (ValType type : types) {
            letters.append(letter(type));
        }
        return letters.toString();
    }

    private static char letter(ValType type) {
        if (type.equals(ValType.I32)) {
            return 'i';
        }
        if (type.equals(ValType.I64)) {
            return 'I';
        }
        if (type.equals(ValType.F32)) {
            return 'f';
        }
        return type.equals(ValType.F64) ? 'F' : '?';
    }

    /// Chicory's compiler cache, holding the classes of one module.
    private static final class Classes implements Cache {
        private final ConcurrentHashMap<String, byte[]> entries = new ConcurrentHashMap<>();

        @Override
        @SuppressWarnings("NullAway") // null is how the interface says that there is no entry
        public byte[] get(String key) {
            return entries.get(key);
        }

        @Override
        public void putIfAbsent(String key, byte[] data) {
            entries.putIfAbsent(key, data);
        }

        byte[] only() {
            return entries.values().iterator().next();
        }
    }
}
