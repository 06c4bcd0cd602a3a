package baton.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import baton.engine.Engine;
import baton.engine.EngineContract;
import baton.engine.EngineLibraryFile;
import java.io.IOException;
import java.nio.file.Path;
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
    void namesWhatItsCompiledFormDependsOn() throws IOException {
        try (Engine engine = open()) {
            assertThat(engine.name()).isEqualTo("wasmtime 49.0.0");
            assertThat(engine.compatibility()).contains("49.0.0", System.getProperty("os.arch"));
        }
    }
}
