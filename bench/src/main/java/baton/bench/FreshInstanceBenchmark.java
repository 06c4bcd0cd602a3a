package baton.bench;

import baton.engine.CompiledModule;
import baton.engine.Ending;
import baton.engine.Engine;
import baton.engine.InstanceRunner;
import baton.engine.InvalidModuleException;
import baton.engine.chicory.ChicoryEngine;
import baton.engine.wasi.WasiContext;
import baton.engine.wasmtime.WasmtimeEngine;
import baton.posix.NativeBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What an invocation of the smallest C function costs in a fresh instance: make it, run it, free it.
@State(Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx256m", "-Xss4m"})
public class FreshInstanceBenchmark {
    private static final int SLOTS = 8;
    private static final int HEAD_ROOM_BYTES = 512;
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    @Param({"wasmtime", "chicory"})
    public String engineName;

    private Engine engine;
    private CompiledModule module;
    private InstanceRunner runner;
    private WasiContext context;

    @Setup(Level.Trial)
    public void open() throws IOException, InvalidModuleException {
        engine = engineName.equals("wasmtime") ? WasmtimeEngine.open(library(), SLOTS) : new ChicoryEngine();
        Path precompiled = Files.createTempFile("baton-bench", ".bin");
        try (InputStream in = FreshInstanceBenchmark.class.getResourceAsStream("hello.wasm")) {
            Files.write(precompiled, engine.compile(in.readAllBytes()));
            module = engine.load(precompiled);
        } finally {
            Files.delete(precompiled);
        }
        runner = engine.newRunner(() -> {});
        context = new WasiContext(new NativeBuffer(4096, 1 << 20));
    }

    @TearDown(Level.Trial)
    public void close() {
        runner.close();
        module.close();
        context.stdout.close();
        engine.close();
    }

    @Benchmark
    public int hello() {
        context.stdout.length(HEAD_ROOM_BYTES);
        context.deadlineNanos = System.nanoTime() + TIMEOUT_NANOS;
        if (runner.run(module, context) != Ending.RETURNED) {
            throw new IllegalStateException(context.failure);
        }
        runner.drop();
        return context.stdout.length();
    }

    /// Where the build's set-up leaves libwasmtime.
    private static Path library() {
        String home = System.getenv("BATON_HOME");
        Path cache = home != null ? Path.of(home) : Path.of(System.getProperty("user.home"), ".cache", "baton");
        return cache.resolve("engine/wasmtime-49.0.0/libwasmtime.so");
    }
}
