package baton.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarReaderTest {
    private final Path directory;

    TarReaderTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void unpacksWhatTarPacked() throws IOException {
        String deep = "a/" + "long-name".repeat(14) + "/file";
        byte[] archive = pack(deep);
        Path target = directory.resolve("target");
        new TarReader(new ByteArrayInputStream(archive)).unpack(name -> TarReader.below(target, name));
        assertThat(target.resolve(deep)).hasContent("x".repeat(1000));
        assertThat(target.resolve("small")).hasContent("s");
    }

    @Test
    void leavesOutWhatIsNotWanted() throws IOException {
        Path target = directory.resolve("target");
        new TarReader(new ByteArrayInputStream(pack("a/file")))
                .unpack(name -> name.equals("small") ? target.resolve(name) : null);
        assertThat(target).isDirectoryContaining("glob:**/small");
        assertThat(target.resolve("a")).doesNotExist();
    }

    @Test
    void noticesAnArchiveThatIsCutShort() throws IOException {
        byte[] archive = pack("a/file");
        byte[] part = Arrays.copyOf(archive, 900);
        Path target = directory.resolve("target");
        assertThatThrownBy(() ->
                        new TarReader(new ByteArrayInputStream(part)).unpack(name -> TarReader.below(target, name)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void keepsNamesInTheirDirectory() {
        assertThat(TarReader.below(directory, "a/../b")).isEqualTo(directory.resolve("b"));
        assertThatThrownBy(() -> TarReader.below(directory, "../b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TarReader.below(directory, "/b")).isInstanceOf(IllegalArgumentException.class);
    }

    private byte[] pack(String deep) throws IOException {
        Path source = directory.resolve("source");
        Path file = source.resolve(deep);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x".repeat(1000));
        Files.writeString(source.resolve("small"), "s");
        List<String> command = List.of("tar", "--format=gnu", "-cf", "../archive.tar", deep, "small");
        assertThat(ExternalTool.run(command, source, Duration.ofSeconds(20)).status())
                .isZero();
        return Files.readAllBytes(directory.resolve("archive.tar"));
    }
}
