package baton.registry;

import static org.assertj.core.api.Assertions.assertThat;

import baton.function.VersionId;
import baton.log.LogEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactStoreTest {
    @TempDir
    Path directory;

    private Path root;
    private ArtifactStore store;

    @BeforeEach
    void open() throws IOException {
        root = directory.resolve("functions");
        store = ArtifactStore.open(root);
    }

    @Test
    void givesAVersionItsNameOnlyWhenItIsSealed() throws IOException {
        StoredVersion version = RegistryFixture.page("hello_1");
        Path staging = store.stage(version.id());
        Files.writeString(staging.resolve("code.html"), "<p>hello");
        assertThat(store.holdsArtifact(version)).isFalse();

        store.seal(version);

        assertThat(store.holdsArtifact(version)).isTrue();
        assertThat(root.resolve("hello_1")).isDirectoryContaining("glob:**metadata.json");
        assertThat(store.source(version)).hasContent("<p>hello");
        assertThat(staging).doesNotExist();
    }

    @Test
    void removesUnfinishedAndUnknownVersionsAndNothingElse() throws IOException {
        seal("kept_1");
        seal("unknown_1");
        Files.writeString(store.stage(VersionId.parse("half_1")).resolve("code.html"), "<");
        Files.writeString(root.resolve("README"), "put here by somebody");

        List<String> removed = store.removeOrphans(Set.of("kept_1"));

        assertThat(removed).containsExactly(".staging-half_1", "unknown_1");
        try (var files = Files.list(root)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("kept_1", "README");
        }
    }

    @Test
    void discardsAStagedVersionThatCannotBeFinished() throws IOException {
        VersionId id = VersionId.parse("hello_1");
        Files.writeString(store.stage(id).resolve("code.html"), "<");

        store.discard(id);

        assertThat(root).isEmptyDirectory();
    }

    @Test
    void recoversVersionsFromTheirMetadata() throws IOException {
        seal("hello_1");
        seal("hello_2");
        seal("bad_1");
        Files.writeString(root.resolve("bad_1").resolve("metadata.json"), "{");
        RecordingLog log = new RecordingLog();

        List<StoredVersion> found = store.recover(log);

        assertThat(found)
                .containsExactly(RegistryFixture.page("hello_1").withLive(false), RegistryFixture.page("hello_2"));
        assertThat(log.has(LogEvent.REGISTRY_ROW_INVALID)).isTrue();
    }

    private void seal(String id) throws IOException {
        StoredVersion version = RegistryFixture.page(id);
        Files.writeString(store.stage(version.id()).resolve("code.html"), "<p>");
        store.seal(version);
    }
}
