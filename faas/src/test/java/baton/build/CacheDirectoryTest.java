package baton.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheDirectoryTest {
    private final Path directory;
    private final CacheDirectory cache;

    CacheDirectoryTest(@TempDir Path directory) {
        this.directory = directory;
        this.cache = new CacheDirectory(directory.resolve("cache"));
    }

    @Test
    void followsTheEnvironment() {
        assertThat(root(Map.of("BATON_HOME", "/b", "XDG_CACHE_HOME", "/x"))).isEqualTo("/b");
        assertThat(root(Map.of("XDG_CACHE_HOME", "/x"))).isEqualTo("/x/baton");
        String home = System.getProperty("user.home") + "/.cache/baton";
        assertThat(root(Map.of("XDG_CACHE_HOME", "relative"))).isEqualTo(home);
        assertThat(root(Map.of("BATON_HOME", " "))).isEqualTo(home);
    }

    private static String root(Map<String, String> environment) {
        return CacheDirectory.ofEnvironment(environment).root().toString();
    }

    @Test
    void excludesAnotherThread() throws IOException {
        try (CacheDirectory.Lock _ = cache.lock("work", Duration.ZERO)) {
            assertThatThrownBy(() -> cache.lock("work", Duration.ofMillis(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("work.lock");
        }
        cache.lock("work", Duration.ZERO).close();
    }

    @Test
    void publishesWholeDirectoriesAndReplacesThem() throws IOException {
        for (String text : new String[] {"first", "second"}) {
            Path made = Files.createDirectory(cache.temporary("test").resolve("made"));
            Files.writeString(made.resolve("file"), text);
            cache.publish(made, cache.path("a", "b"));
        }
        assertThat(cache.path("a", "b", "file")).hasContent("second");
    }

    @Test
    void isClosedToOthers() throws IOException {
        cache.temporary("test");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache.root())))
                .isEqualTo("rwx------");
    }

    @Test
    void sweepsOnlyWhatDeadProcessesLeft() throws IOException {
        Path mine = cache.temporary("test");
        Path dead = Files.createDirectory(cache.path("tmp", "test-2147483646-1"));
        Files.writeString(dead.resolve("file"), "x");
        cache.sweep();
        assertThat(mine).exists();
        assertThat(dead).doesNotExist();
    }

    @Test
    void deletesALinkAndNotItsTarget() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "x");
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), target);
        CacheDirectory.delete(tree);
        assertThat(tree).doesNotExist();
        assertThat(target).exists();
    }
}
