package baton.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArtifactCacheTest {
    private final Path directory;
    private final CacheDirectory cache;

    ArtifactCacheTest(@TempDir Path directory) {
        this.directory = directory;
        this.cache = new CacheDirectory(directory.resolve("cache"));
    }

    @Test
    void givesBackWhatWasPut() throws IOException {
        ArtifactCache artifacts = new ArtifactCache(cache, 1000);
        artifacts.put("key", built("a", 10));
        Path target = Files.createDirectory(directory.resolve("target"));
        assertThat(artifacts.copyTo("key", target)).contains(Sha256.of(target.resolve("code.cwasm")));
        assertThat(target.resolve("code.wasm")).hasContent("wasm a");
    }

    @Test
    void hasNothingUnderAnotherKey() throws IOException {
        Path target = Files.createDirectory(directory.resolve("target"));
        assertThat(new ArtifactCache(cache, 1000).copyTo("key", target)).isEmpty();
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void dropsWhatWasChanged() throws IOException {
        ArtifactCache artifacts = new ArtifactCache(cache, 1000);
        artifacts.put("key", built("a", 10));
        Files.write(cache.path("artifacts", "key", "code.cwasm"), new byte[10]);
        Path target = Files.createDirectory(directory.resolve("target"));
        assertThat(artifacts.copyTo("key", target)).isEmpty();
        assertThat(target).isEmptyDirectory();
        assertThat(cache.path("artifacts", "key")).doesNotExist();
    }

    @Test
    void removesTheOldestBeyondItsBound() throws IOException {
        ArtifactCache artifacts = new ArtifactCache(cache, 250);
        artifacts.put("old", built("a", 100));
        artifacts.put("used", built("b", 100));
        Files.setLastModifiedTime(cache.path("artifacts", "old"), FileTime.fromMillis(2000));
        Files.setLastModifiedTime(cache.path("artifacts", "used"), FileTime.fromMillis(1000));
        artifacts.copyTo("used", Files.createDirectory(directory.resolve("target")));
        artifacts.put("new", built("c", 100));
        assertThat(cache.path("artifacts", "old")).doesNotExist();
        assertThat(cache.path("artifacts", "used")).exists();
        assertThat(cache.path("artifacts", "new")).exists();
    }

    private Path built(String name, int bytes) throws IOException {
        Path built = Files.createDirectory(directory.resolve(name));
        Files.writeString(built.resolve("code.wasm"), "wasm " + name);
        Files.writeString(built.resolve("code.cwasm"), name.repeat(bytes));
        return built;
    }
}
