package baton.engine;

import baton.engine.wasi.EnvironmentSource;
import baton.engine.wasi.WasiContext;
import baton.posix.NativeBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// An engine as a worker has it: ticked every millisecond, with runners on threads of enough stack.
final class EngineFixture implements AutoCloseable {
    static final long OUTPUT_BYTES = 64 << 10;
    static final long MEMORY_BYTES = 16L << 20;

    private static final long STACK_BYTES = 4L << 20;

    final Engine engine;

    private final Path directory;
    private final ScheduledExecutorService watchdog;
    private final AtomicInteger files = new AtomicInteger();

    EngineFixture(Engine engine) {
        this.engine = engine;
        try {
            directory = Files.createTempDirectory("baton-engine");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        watchdog = Executors.newSingleThreadScheduledExecutor();
        watchdog.scheduleAtFixedRate(() -> engine.tick(System.nanoTime()), 1, 1, TimeUnit.MILLISECONDS);
    }

    /// What an invocation gets.
    record Call(String stdin, List<String> arguments, EnvironmentSource environment, long timeoutMillis) {
        static Call of(String stdin) {
            return new Call(stdin, List.of("main"), EnvironmentSource.EMPTY, 10_000);
        }

        Call within(long millis) {
            return new Call(stdin, arguments, environment, millis);
        }

        Call with(EnvironmentSource source) {
            return new Call(stdin, arguments, source, timeoutMillis);
        }
    }

    /// What it left behind.
    record Result(Ending ending, String out, String err, int exitCode, String failure, long stderrDropped) {}

    static byte[] resource(String name) {
        try (InputStream in = EngineFixture.class.getResourceAsStream("/engine/" + name)) {
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    CompiledModule load(byte[] wasm) throws InvalidModuleException, IOException {
        return engine.load(write(engine.compile(wasm)));
    }

    Path write(byte[] precompiled) throws IOException {
        return Files.write(directory.resolve("module-" + files.incrementAndGet()), precompiled);
    }

    /// Runs calls one after another in one runner on a thread of its own.
    List<Result> run(CompiledModule module, List<Call> calls) {
        return onRunnerThread(() -> {
            try (InstanceRunner runner = engine.newRunner(() -> {})) {
                WasiContext context = new WasiContext(new NativeBuffer(1024, 1 << 20));
                List<Result> results = calls.stream()
                        .map(call -> run(runner, module, context, call))
                        .toList();
                context.stdout.close();
                return results;
            }
        });
    }

    static Result run(InstanceRunner runner, CompiledModule module, WasiContext context, Call call) {
        byte[] stdin = call.stdin().getBytes(StandardCharsets.UTF_8);
        context.stdin = stdin;
        context.stdinOffset = 0;
        context.stdinLength = stdin.length;
        context.argument = call.arguments().getFirst();
        context.moreArguments = call.arguments().subList(1, call.arguments().size());
        context.environment = call.environment();
        context.memoryBytes = MEMORY_BYTES;
        context.outputBytes = OUTPUT_BYTES;
        context.deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(call.timeoutMillis());
        context.stdout.length(0);
        Ending ending = runner.run(module, context);
        runner.drop();
        byte[] out =
                context.stdout.segment().asSlice(0, context.stdout.length()).toArray(ValueLayout.JAVA_BYTE);
        return new Result(
                ending,
                new String(out, StandardCharsets.UTF_8),
                new String(context.stderr, 0, context.stderrLength, StandardCharsets.UTF_8),
                context.exitCode,
                context.failure,
                context.stderrDropped);
    }

    static <T> T onRunnerThread(Callable<T> body) {
        var task = new FutureTask<>(body);
        new Thread(null, task, "runner", STACK_BYTES).start();
        try {
            return task.get(60, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() throws IOException {
        watchdog.close();
        engine.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
