package baton.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import baton.build.BuildException.Reason;
import baton.function.Language;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClangToolchainTest {
    private final Path directory;
    private final CacheDirectory cache;
    private final EngineKind chicory = new EngineKind.Chicory();
    private final ClangToolchain clang;

    ClangToolchainTest(@TempDir Path directory) {
        this.directory = directory;
        this.cache = new CacheDirectory(directory.resolve("cache"));
        this.clang = new ClangToolchain(cache, chicory, new RecordedLog());
    }

    @Test
    void isMissingInAnEmptyCache() {
        assertThat(clang.state()).isEqualTo(ClangToolchain.State.MISSING);
        assertThat(Tools.inspect(cache, clang))
                .filteredOn(tool -> tool.state() == Tools.State.MISSING)
                .allSatisfy(tool -> assertThat(tool.cure()).endsWith("."))
                .extracting(Tools.Tool::name)
                .contains("clang", "wasmtime " + EngineLibrary.VERSION);
    }

    @Test
    void tellsTheCureUnderThePureJavaEngine() {
        assertThatThrownBy(() -> clang.await(notice -> {}))
                .hasMessageContaining("./baton doctor")
                .extracting(failure -> ((BuildException) failure).reason())
                .isEqualTo(Reason.TOOL);
    }

    @Test
    void buildsModulesUnderThePureJavaEngineAndRefusesC() throws BuildException, IOException {
        byte[] c = "int main(void) { }\n".getBytes(StandardCharsets.UTF_8);
        byte[] module;
        try (var in = ClangToolchainTest.class.getResourceAsStream("/engine/hello.wasm")) {
            module = in.readAllBytes();
        }
        try (ChildBuilder builder = new ChildBuilder(cache, chicory, clang, new RecordedLog())) {
            assertThatThrownBy(() -> builder.build(Language.C, "a.c", c, directory))
                    .hasMessageContaining("wasmtime");
            assertThat(builder.build(Language.WASM, "hello.wasm", module, directory)
                            .file())
                    .exists();
            assertThat(builder.compatibility()).contains("chicory");
        }
        try (var left = Files.list(cache.path("tmp"))) {
            assertThat(left).isEmpty();
        }
    }
}
