package baton.build;

import baton.engine.CompiledModule;
import baton.engine.Ending;
import baton.engine.Engine;
import baton.engine.InstanceRunner;
import baton.engine.wasi.WasiContext;
import baton.engine.wasmtime.WasmtimeEngine;
import baton.posix.NativeBuffer;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// Runs an artifact once, as a worker would.
final class FunctionRun {
    private static final long STACK_BYTES = 4L << 20;

    private FunctionRun() {}

    /// @return what it wrote to stdout
    static String of(Path library, Path artifact, String stdin) throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> run(library, artifact, stdin));
        new Thread(null, task, "function", STACK_BYTES).start();
        return task.get();
    }

    private static String run(Path library, Path artifact, String stdin) throws Exception {
        try (Engine engine = WasmtimeEngine.open(library, 1);
                NativeBuffer stdout = new NativeBuffer(4096, 1 << 20);
                CompiledModule module = engine.load(artifact);
                InstanceRunner runner = engine.newRunner(() -> {})) {
            WasiContext context = new WasiContext(stdout);
            context.stdin = stdin.getBytes(StandardCharsets.UTF_8);
            context.stdinLength = context.stdin.length;
            context.deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            if (!module.acquire()) {
                throw new IllegalStateException("the module is retired");
            }
            Ending ending = runner.run(module, context);
            runner.drop();
            module.release();
            if (ending != Ending.RETURNED) {
                throw new IllegalStateException(ending + ": " + context.failure);
            }
            byte[] bytes = stdout.segment().asSlice(0, stdout.length()).toArray(ValueLayout.JAVA_BYTE);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
