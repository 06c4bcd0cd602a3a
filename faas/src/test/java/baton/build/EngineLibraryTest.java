package baton.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import baton.build.BuildException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EngineLibraryTest {
    @Test
    void refusesOtherMachines() {
        assertThatCode(() -> EngineLibrary.requireMachine("Linux", "amd64")).doesNotThrowAnyException();
        assertThatThrownBy(() -> EngineLibrary.requireMachine("Linux", "aarch64"))
                .hasMessage("There is no pinned engine library for Linux on aarch64, only for Linux on amd64; "
                        + "the pure-Java engine serves here.");
        assertThatThrownBy(() -> EngineLibrary.requireMachine("Mac OS X", "amd64"))
                .isInstanceOf(BuildException.class);
    }

    @Test
    void refusesAFileOfAnotherChecksum(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "abc");
        String checksum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertThatCode(() -> EngineLibrary.requireChecksum("it", file, checksum))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> EngineLibrary.requireChecksum("it", file, checksum.replace('b', 'c')))
                .hasMessageContaining(checksum)
                .extracting(failure -> ((BuildException) failure).reason())
                .isEqualTo(Reason.TOOL);
    }

    @Test
    void findsNothingInAnEmptyCache(@TempDir Path directory) {
        assertThat(new EngineLibrary(new CacheDirectory(directory)).find()).isEmpty();
    }
}
