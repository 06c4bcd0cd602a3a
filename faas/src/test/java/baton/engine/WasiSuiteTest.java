package baton.engine;

import static org.assertj.core.api.Assertions.assertThat;

import baton.engine.EngineFixture.Call;
import baton.engine.EngineFixture.Result;
import baton.engine.chicory.ChicoryEngine;
import baton.engine.wasmtime.WasmtimeEngine;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// Runs the preview-1 cases of the public `WebAssembly/wasi-testsuite` on every engine, if
/// `-Dwasi.testsuite=DIRECTORY` names a checkout with its prebuilt modules (branch `prod/testsuite-base`);
/// else cases of our own in the same form. `docs/WASI.md` lists the results.
///
/// A case that wants a directory is expected to end without one: by itself, or cut at its deadline.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WasiSuiteTest {
    private static final List<String> LANGUAGES = List.of("assemblyscript", "c", "rust");

    private final List<EngineFixture> fixtures = new ArrayList<>();

    /// One case.
    ///
    /// @param arguments after `argv[0]`
    /// @param wantsDirectory whether it needs a preopened directory
    private record Case(
            String name,
            byte[] wasm,
            String stdin,
            List<String> arguments,
            Map<String, String> environment,
            String stdout,
            int exitCode,
            boolean wantsDirectory) {}

    @TestFactory
    Stream<DynamicTest> passes() throws IOException {
        fixtures.add(new EngineFixture(WasmtimeEngine.open(EngineLibraryFile.path(), 4)));
        fixtures.add(new EngineFixture(new ChicoryEngine()));
        String suite = System.getProperty("wasi.testsuite");
        List<Case> cases = suite == null ? own() : suite(Path.of(suite));
        return fixtures.stream()
                .flatMap(fixture -> cases.stream()
                        .map(one -> DynamicTest.dynamicTest(
                                fixture.engine.name() + ": " + one.name(), () -> pass(fixture, one))));
    }

    @AfterAll
    void close() throws IOException {
        for (EngineFixture fixture : fixtures) {
            fixture.close();
        }
    }

    private static void pass(EngineFixture fixture, Case one) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(one.name()));
        arguments.addAll(one.arguments());
        long timeoutMillis = one.wantsDirectory() ? 1_000 : 10_000;
        Call call = new Call(
                one.stdin(), arguments, environment -> one.environment().forEach(environment::put), timeoutMillis);
        try (CompiledModule module = fixture.load(one.wasm())) {
            Result result = fixture.run(module, List.of(call)).getFirst();
            if (one.wantsDirectory()) {
                assertThat(result.ending()).as(result.toString()).isIn(Ending.EXITED, Ending.TRAPPED, Ending.TIMED_OUT);
                return;
            }
            assertThat(result.ending())
                    .as(result.toString())
                    .isEqualTo(one.exitCode() == 0 ? Ending.RETURNED : Ending.EXITED);
            assertThat(result.exitCode()).isEqualTo(one.exitCode());
            assertThat(one.stdout().isEmpty() ? "" : result.out()).isEqualTo(one.stdout());
        }
    }

    private static List<Case> own() {
        byte[] acts = EngineFixture.resource("acts.wasm");
        return List.of(
                new Case("exit", acts, "exit 33", List.of(), Map.of(), "", 33, false),
                new Case("arguments", acts, "args", List.of("a", "b\"c"), Map.of(), "3 arguments a b\"c", 0, false),
                new Case("environment", acts, "env b", List.of(), Map.of("b", "new\nline"), "new\nline", 0, false),
                new Case("clocks", acts, "clocks", List.of(), Map.of(), "slept now", 0, false));
    }

    private static List<Case> suite(Path directory) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String language : LANGUAGES) {
            Path modules = directory.resolve("tests/" + language + "/testsuite/wasm32-wasip1");
            try (Stream<Path> files = Files.list(modules)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".wasm"))
                        .sorted()
                        .toList()) {
                    cases.add(read(language, file));
                }
            }
        }
        assertThat(cases).isNotEmpty();
        return cases;
    }

    /// The suite's `doc/specification.md` says what the keys mean.
    private static Case read(String language, Path wasm) throws IOException {
        String name = wasm.getFileName().toString().replace(".wasm", "");
        Path json = wasm.resolveSibling(name + ".json");
        JsonObject keys =
                Files.exists(json) ? new Gson().fromJson(Files.readString(json), JsonObject.class) : new JsonObject();
        List<String> arguments = new ArrayList<>();
        if (keys.has("args")) {
            keys.getAsJsonArray("args").forEach(value -> arguments.add(value.getAsString()));
        }
        Map<String, String> environment = new TreeMap<>();
        if (keys.has("env")) {
            keys.getAsJsonObject("env").asMap().forEach((key, value) -> environment.put(key, value.getAsString()));
        }
        return new Case(
                language + "/" + name,
                Files.readAllBytes(wasm),
                "",
                arguments,
                environment,
                keys.has("stdout") ? keys.get("stdout").getAsString() : "",
                keys.has("exit_code") ? keys.get("exit_code").getAsInt() : 0,
                keys.has("root"));
    }
}
