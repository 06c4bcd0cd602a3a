package baton.engine;

import static baton.engine.WasmAssembler.CALL;
import static baton.engine.WasmAssembler.DROP;
import static baton.engine.WasmAssembler.EMPTY_BLOCK;
import static baton.engine.WasmAssembler.END;
import static baton.engine.WasmAssembler.GLOBAL_GET;
import static baton.engine.WasmAssembler.GLOBAL_SET;
import static baton.engine.WasmAssembler.I32_CONST;
import static baton.engine.WasmAssembler.I32_EQZ;
import static baton.engine.WasmAssembler.IF;
import static baton.engine.WasmAssembler.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import baton.engine.EngineFixture.Call;
import baton.engine.EngineFixture.Result;
import baton.engine.wasi.WasiContext;
import baton.posix.NativeBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What every engine does alike. `acts.c` is the guest of most facts; after each failure the next run must
/// work.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EngineContract {
    private EngineFixture fixture;
    private CompiledModule acts;

    protected abstract Engine open() throws IOException;

    @BeforeAll
    void openEngine() throws Exception {
        fixture = new EngineFixture(open());
        acts = fixture.load(EngineFixture.resource("acts.wasm"));
    }

    @AfterAll
    void closeEngine() throws IOException {
        acts.close();
        fixture.close();
    }

    private Result run(CompiledModule module, Call call) {
        Result result = fixture.run(module, List.of(call)).getFirst();
        assertThat(act("echo\nafter").out()).isEqualTo("after");
        return result;
    }

    private Result act(String stdin) {
        return act(stdin, 10_000);
    }

    /// Runs an act and then an echo in the same runner, which must work whatever the act did.
    private Result act(String stdin, long timeoutMillis) {
        List<Result> both = fixture.run(acts, List.of(Call.of(stdin).within(timeoutMillis), Call.of("echo\nnext")));
        assertThat(both.getLast().out()).isEqualTo("next");
        return both.getFirst();
    }

    @Test
    void runsTheSmallestFunction() throws Exception {
        try (CompiledModule hello = fixture.load(EngineFixture.resource("hello.wasm"))) {
            Result result = fixture.run(hello, List.of(Call.of(""))).getFirst();
            assertThat(result.ending()).isEqualTo(Ending.RETURNED);
            assertThat(result.out()).isEqualTo("Hello from FAAS!\n");
            assertThat(result.failure()).isNull();
            assertThat(hello.initialMemoryBytes()).isPositive();
        }
    }

    @Test
    void givesTheBodyAsStdin() {
        String body = "line\n".repeat(5000);
        assertThat(act("echo\n" + body).out()).isEqualTo(body);
    }

    @Test
    void appendsStdoutAfterTheRoomLeftInFront() {
        String out = EngineFixture.onRunnerThread(() -> {
            try (InstanceRunner runner = fixture.engine.newRunner(() -> {})) {
                WasiContext context = new WasiContext(new NativeBuffer(16, 1 << 20));
                context.stdout.append("head:");
                context.stdin = "xxecho\nbodyxx".getBytes();
                context.stdinOffset = 2;
                context.stdinLength = 9;
                context.deadlineNanos = System.nanoTime() + 10_000_000_000L;
                assertThat(runner.run(acts, context)).isEqualTo(Ending.RETURNED);
                byte[] bytes = new byte[context.stdout.length()];
                context.stdout.segment().asByteBuffer().get(bytes);
                return new String(bytes);
            }
        });
        assertThat(out).isEqualTo("head:body");
    }

    @Test
    void givesTheEnvironmentOnlyWhenAsked() {
        AtomicInteger asked = new AtomicInteger();
        List<Result> results = fixture.run(
                acts,
                Stream.of("args", "env NAME", "env OTHER")
                        .map(act -> Call.of(act).with(environment -> {
                            asked.incrementAndGet();
                            environment.put("FIRST", "1");
                            environment.put("NAME", "välue");
                        }))
                        .toList());
        assertThat(results.stream().map(Result::out)).containsExactly("1 main", "välue", "(unset)");
        assertThat(asked).hasValue(2);
    }

    @Test
    void tellsTheExitCode() {
        Result result = act("exit 3");
        assertThat(result.ending()).isEqualTo(Ending.EXITED);
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.failure()).isEqualTo("the function exited with code 3");
    }

    @Test
    void takesExitZeroAsReturn() {
        assertThat(act("exit 0").ending()).isEqualTo(Ending.RETURNED);
    }

    @Test
    void tellsTraps() {
        for (String trap : List.of("trap", "divide", "load")) {
            Result result = act(trap);
            assertThat(result.ending()).as(trap).isEqualTo(Ending.TRAPPED);
            assertThat(result.failure()).as(trap).startsWith("wasm trap: ").doesNotContain("\n");
        }
        assertThat(act("divide").failure()).contains("divide by zero");
    }

    @Test
    void cutsAnEndlessLoop() {
        assertThat(act("loop", 50).ending()).isEqualTo(Ending.TIMED_OUT);
    }

    @Test
    void cutsAnEndlessSleepAndAnnouncesIt() {
        AtomicInteger announced = new AtomicInteger();
        Ending ending = EngineFixture.onRunnerThread(() -> {
            try (InstanceRunner runner = fixture.engine.newRunner(announced::incrementAndGet)) {
                WasiContext context = new WasiContext(new NativeBuffer(1024, 1 << 20));
                Ending first = EngineFixture.run(
                                runner, acts, context, Call.of("sleep").within(50))
                        .ending();
                assertThat(EngineFixture.run(runner, acts, context, Call.of("echo\nnext"))
                                .out())
                        .isEqualTo("next");
                return first;
            }
        });
        assertThat(ending).isEqualTo(Ending.TIMED_OUT);
        assertThat(announced).hasValue(1);
    }

    @Test
    void doesNotCutEarlyAfterABurstOfTicks() {
        for (int i = 0; i < 20_000; i++) {
            fixture.engine.tick(System.nanoTime());
        }
        assertThat(act("clocks").out()).isEqualTo("slept now");
    }

    @Test
    void cutsAFloodOfOutput() {
        Result result = act("flood");
        assertThat(result.ending()).isEqualTo(Ending.OUTPUT_TOO_LARGE);
        assertThat(result.out()).hasSize((int) EngineFixture.OUTPUT_BYTES);
        assertThat(result.failure()).contains(Long.toString(EngineFixture.OUTPUT_BYTES));
    }

    @Test
    void stopsAMemoryHogAtItsLimit() {
        Result result = act("hog");
        assertThat(result.ending()).isEqualTo(Ending.OUT_OF_MEMORY);
        assertThat(result.err()).isEqualTo("no memory\n");
        assertThat(result.failure()).contains("memory limit of " + EngineFixture.MEMORY_BYTES);
    }

    @Test
    void survivesRecursionWithoutEnd() throws Exception {
        assertThat(act("recurse").ending()).isEqualTo(Ending.TRAPPED);
        byte[] wasm = new WasmAssembler().memory(1).function("_start", CALL, 0).bytes();
        try (CompiledModule module = fixture.load(wasm)) {
            Result result = run(module, Call.of(""));
            assertThat(result.ending()).isEqualTo(Ending.TRAPPED);
            assertThat(result.failure()).isEqualTo("wasm trap: call stack exhausted");
        }
    }

    @Test
    void keepsStderrApart() {
        Result result = act("stderr");
        assertThat(result.out()).isEqualTo("to the client");
        assertThat(result.err()).isEqualTo("to the log");
    }

    @Test
    void keepsTheFirstOfMuchStderrAndCountsTheRest() {
        Result result = act("chatter");
        assertThat(result.ending()).isEqualTo(Ending.RETURNED);
        assertThat(result.err()).hasSize(WasiContext.STDERR_BYTES).startsWith("0123456789");
        assertThat(result.stderrDropped()).isEqualTo(30_000 - WasiContext.STDERR_BYTES);
    }

    @Test
    void givesEveryRunFreshMemory() {
        List<Result> results = fixture.run(acts, List.of(Call.of("fresh"), Call.of("fresh"), Call.of("fresh")));
        assertThat(results.stream().map(Result::out)).containsOnly("run 1, clean");
    }

    @Test
    void answersPointersBeyondMemoryWithAnErrno() {
        assertThat(act("pointer").out()).isEqualTo("-1 EFAULT");
    }

    @Test
    void givesDifferentRandomNumbers() {
        List<Result> results = fixture.run(acts, List.of(Call.of("random"), Call.of("random")));
        assertThat(results.getFirst().out())
                .hasSize(32)
                .isNotEqualTo(results.getLast().out());
    }

    @Test
    void runsAStartFunctionFirst() throws Exception {
        byte[] wasm = new WasmAssembler()
                .memory(1)
                .global()
                .function("", I32_CONST, 1, GLOBAL_SET, 0)
                .function("_start", GLOBAL_GET, 0, I32_EQZ, IF, EMPTY_BLOCK, UNREACHABLE, END)
                .start(0)
                .bytes();
        try (CompiledModule module = fixture.load(wasm)) {
            assertThat(run(module, Call.of("")).ending()).isEqualTo(Ending.RETURNED);
        }
    }

    @Test
    void tellsWhenAStartFunctionTraps() throws Exception {
        byte[] wasm = new WasmAssembler()
                .memory(1)
                .function("", UNREACHABLE)
                .function("_start")
                .start(0)
                .bytes();
        try (CompiledModule module = fixture.load(wasm)) {
            assertThat(run(module, Call.of("")).ending()).isEqualTo(Ending.TRAPPED);
        }
    }

    @Test
    void refusesToRunWhatBeginsOverTheMemoryLimit() throws Exception {
        byte[] wasm = new WasmAssembler().memory(300).function("_start").bytes();
        try (CompiledModule module = fixture.load(wasm)) {
            Result result = run(module, Call.of(""));
            assertThat(result.ending()).isEqualTo(Ending.OUT_OF_MEMORY);
            assertThat(result.failure())
                    .isEqualTo("the function begins with 19660800 bytes of memory, over its limit of 16777216");
        }
    }

    @Test
    void refusesUnknownImports() {
        byte[] wasm = new WasmAssembler()
                .importFunction("env", "launch", 0, 1)
                .memory(1)
                .function("_start", CALL, 0, DROP)
                .bytes();
        assertRefused(wasm, "imports `env.launch`", "WASI preview 1");
        byte[] unknown = new WasmAssembler()
                .importFunction("wasi_snapshot_preview1", "fd_fly", 0, 1)
                .memory(1)
                .function("_start", CALL, 0, DROP)
                .bytes();
        assertRefused(unknown, "imports `wasi_snapshot_preview1.fd_fly`", "fd_write");
        byte[] mistyped = new WasmAssembler()
                .importFunction("wasi_snapshot_preview1", "fd_write", 0, 1)
                .memory(1)
                .function("_start", CALL, 0, DROP)
                .bytes();
        assertRefused(mistyped, "`wasi_snapshot_preview1.fd_write` with the type () -> i32", "(i32, i32, i32, i32)");
    }

    @Test
    void refusesWhatIsNoModule() {
        byte[] whole = EngineFixture.resource("acts.wasm");
        assertRefused(Arrays.copyOf(whole, whole.length / 2), "does not compile");
        assertRefused(Arrays.copyOf(whole, 5), "truncated");
        assertRefused("#include <stdio.h>".getBytes(), "not a WebAssembly module");
        assertRefused(new byte[0], "not a WebAssembly module");
        assertRefused(new byte[] {0, 'a', 's', 'm', 0x0d, 0, 1, 0}, "component", "not supported yet");
        byte[] garbled = whole.clone();
        Arrays.fill(garbled, 2000, 4000, (byte) 0xff);
        assertRefused(garbled, "does not compile");
    }

    @Test
    void refusesWhatIsNoCommand() {
        assertRefused(new WasmAssembler().memory(1).function("run").bytes(), "exports no function `_start`");
        assertRefused(new WasmAssembler().function("_start").bytes(), "exports no memory");
        assertRefused(new WasmAssembler().memory(4097).function("_start").bytes(), "256.1 MiB of memory", "256.0 MiB");
    }

    @Test
    void refusesADamagedPrecompiledFile() throws Exception {
        var file = fixture.write("nonsense".getBytes());
        assertThatThrownBy(() -> fixture.engine.load(file))
                .isInstanceOf(InvalidModuleException.class)
                .hasMessageContaining("damaged");
        var empty = fixture.write(new byte[0]);
        assertThatThrownBy(() -> fixture.engine.load(empty)).isInstanceOf(InvalidModuleException.class);
        byte[] whole = fixture.engine.compile(EngineFixture.resource("hello.wasm"));
        var cut = fixture.write(Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> fixture.engine.load(cut)).isInstanceOf(InvalidModuleException.class);
    }

    @Test
    void runsInSeveralRunnersAtOnce() {
        List<CompletableFuture<List<Result>>> futures = new ArrayList<>();
        for (int runner = 0; runner < 4; runner++) {
            List<Call> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(Call.of("echo\n" + runner + "/" + i));
                calls.add(Call.of(i % 2 == 0 ? "trap" : "exit 3"));
            }
            futures.add(CompletableFuture.supplyAsync(() -> fixture.run(acts, calls)));
        }
        for (int runner = 0; runner < futures.size(); runner++) {
            List<Result> results = futures.get(runner).join();
            for (int i = 0; i < 50; i++) {
                assertThat(results.get(2 * i).out()).isEqualTo(runner + "/" + i);
                assertThat(results.get(2 * i + 1).ending()).isEqualTo(i % 2 == 0 ? Ending.TRAPPED : Ending.EXITED);
            }
        }
    }

    @Test
    void letsTheHolderOfARetiredModuleFinish() throws Exception {
        CompiledModule hello = fixture.load(EngineFixture.resource("hello.wasm"));
        assertThat(hello.acquire()).isTrue();
        hello.close();
        assertThat(hello.acquire()).isFalse();
        assertThat(fixture.run(hello, List.of(Call.of(""))).getFirst().out()).isEqualTo("Hello from FAAS!\n");
        hello.release();
        assertThat(hello.acquire()).isFalse();
    }

    private void assertRefused(byte[] wasm, String... words) {
        assertThatThrownBy(() -> fixture.engine.compile(wasm))
                .isInstanceOf(InvalidModuleException.class)
                .message()
                .contains(words)
                .doesNotContain("\n");
    }
}
