package baton.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import baton.engine.CompiledModule;
import baton.engine.Ending;
import baton.engine.Engine;
import baton.engine.EngineContract;
import baton.engine.EngineLibraryFile;
import baton.engine.InstanceRunner;
import baton.engine.wasi.WasiContext;
import baton.posix.NativeBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on libwasmtime.
final class WasmtimeEngineTest extends EngineContract {
    @Override
    protected Engine open() throws IOException {
        return WasmtimeEngine.open(EngineLibraryFile.path(), 8);
    }

    @Test
    void saysWhichLibraryCannotBeUsed(@TempDir Path directory) {
        Path wrong = directory.resolve("libwasmtime.so");
        assertThatThrownBy(() -> WasmtimeEngine.open(wrong, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(wrong.toString())
                .hasMessageContaining("49.0.0");
    }

    @Test
    void refusesOneInstanceTooMany(@TempDir Path directory) throws Exception {
        try (Engine engine = WasmtimeEngine.open(EngineLibraryFile.path(), 1);
                InputStream in = WasmtimeEngineTest.class.getResourceAsStream("/engine/hello.wasm");
                CompiledModule hello =
                        engine.load(Files.write(directory.resolve("hello"), engine.compile(in.readAllBytes())));
                InstanceRunner first = engine.newRunner(() -> {});
                InstanceRunner second = engine.newRunner(() -> {});
                NativeBuffer stdout = new NativeBuffer(1024, 1024)) {
            WasiContext context = new WasiContext(stdout);
            context.deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            assertThat(first.run(hello, context)).isEqualTo(Ending.RETURNED);
            assertThat(second.run(hello, context)).isEqualTo(Ending.REFUSED);
            assertThat(context.failure).startsWith("the engine could not make an instance: ");
            first.drop();
            assertThat(second.run(hello, context)).isEqualTo(Ending.RETURNED);
        }
    }

    @Test
    void namesWhatItsCompiledFormDependsOn() throws IOException {
        try (Engine engine = open()) {
            assertThat(engine.name()).isEqualTo("wasmtime 49.0.0");
            assertThat(engine.compatibility()).contains("49.0.0", System.getProperty("os.arch"));
        }
    }
}
