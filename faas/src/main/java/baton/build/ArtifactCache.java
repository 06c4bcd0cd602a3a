package baton.build;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Modules that were built before, by what they were built from. Bounded: what was not used for longest goes
/// first. Other processes may add and remove entries at the same time.
final class ArtifactCache {
    private static final String CHECKSUMS = "sha256";

    private final CacheDirectory cache;
    private final long limitBytes;

    ArtifactCache(CacheDirectory cache, long limitBytes) {
        this.cache = cache;
        this.limitBytes = limitBytes;
    }

    /// Copies an entry's two files into a directory.
    ///
    /// @return the checksum of the precompiled module, or empty when there is no entry that is whole
    Optional<String> copyTo(String key, Path directory) throws IOException {
        Path entry = entry(key);
        try {
            String expected = Files.readString(entry.resolve(CHECKSUMS));
            copy(entry, directory, BuildServer.WASM);
            copy(entry, directory, BuildServer.PRECOMPILED);
            String precompiled = Sha256.of(directory.resolve(BuildServer.PRECOMPILED));
            String actual = Sha256.of(directory.resolve(BuildServer.WASM)) + " " + precompiled;
            if (actual.equals(expected)) {
                Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
                return Optional.of(precompiled);
            }
            // What is trusted as machine code must be what was compiled, byte for byte.
            CacheDirectory.delete(entry);
        } catch (NoSuchFileException absent) {
            // It is not there, or another process removes it just now.
        }
        Files.deleteIfExists(directory.resolve(BuildServer.WASM));
        Files.deleteIfExists(directory.resolve(BuildServer.PRECOMPILED));
        return Optional.empty();
    }

    /// Keeps the two files of a directory, which are copied.
    void put(String key, Path directory) throws IOException {
        Path work = cache.temporary("artifact");
        try {
            Path made = Files.createDirectory(work.resolve("made"));
            copy(directory, made, BuildServer.WASM);
            copy(directory, made, BuildServer.PRECOMPILED);
            String checksums =
                    Sha256.of(made.resolve(BuildServer.WASM)) + " " + Sha256.of(made.resolve(BuildServer.PRECOMPILED));
            Files.writeString(made.resolve(CHECKSUMS), checksums);
            cache.publish(made, entry(key));
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException raced) {
            // Another process was first with the same artifact.
        } finally {
            CacheDirectory.delete(work);
        }
        trim();
    }

    private Path entry(String key) {
        return cache.path("artifacts", key);
    }

    private static void copy(Path from, Path to, String name) throws IOException {
        Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private record Entry(Path path, long bytes, FileTime used) {}

    private void trim() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (var paths = Files.newDirectoryStream(cache.path("artifacts"))) {
            for (Path path : paths) {
                entries.add(measure(path));
            }
        }
        entries.sort(Comparator.comparing(Entry::used));
        long total = entries.stream().mapToLong(Entry::bytes).sum();
        for (Entry entry : entries) {
            if (total <= limitBytes) {
                return;
            }
            CacheDirectory.delete(entry.path());
            total -= entry.bytes();
        }
    }

    private static Entry measure(Path path) throws IOException {
        try {
            long bytes = 0;
            for (String name : List.of(BuildServer.WASM, BuildServer.PRECOMPILED)) {
                bytes += Files.size(path.resolve(name));
            }
            return new Entry(path, bytes, Files.getLastModifiedTime(path));
        } catch (NoSuchFileException removed) {
            return new Entry(path, 0, FileTime.fromMillis(0));
        }
    }
}
