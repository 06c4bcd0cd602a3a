package baton.registry;

import baton.function.VersionId;
import baton.log.Log;
import baton.log.LogEvent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of every version, in `functions/<id>/`: the source as `code.<ext>`, `code.wasm` and its
/// precompiled form where the engine runs it, and `metadata.json`.
///
/// A version is made in `.staging-<id>` and appears under its own name by one rename, after every file is on
/// disk. So a directory without the prefix is always whole; whether it counts is for the registry to say.
/// Safe for use by several threads on different ids.
public final class ArtifactStore {
    private static final String STAGING = ".staging-";
    private static final String METADATA = "metadata.json";

    private final Path root;

    private ArtifactStore(Path root) {
        this.root = root;
    }

    /// Opens the store, making its directory where there is none.
    ///
    /// @param root the directory `functions`
    public static ArtifactStore open(Path root) throws IOException {
        Files.createDirectories(root);
        return new ArtifactStore(root);
    }

    /// The directory of a version that was sealed.
    public Path directory(VersionId id) {
        return root.resolve(id.toString());
    }

    /// The file that holds a version's source.
    public Path source(StoredVersion version) {
        return directory(version.id())
                .resolve("code." + version.version().language().extension());
    }

    /// What workers run of a version: the precompiled module, or the source itself.
    public Path artifact(StoredVersion version) {
        return version.wasm() ? directory(version.id()).resolve("code.cwasm") : source(version);
    }

    /// Makes an empty directory to build a version in.
    public Path stage(VersionId id) throws IOException {
        Path staging = staging(id);
        deleteTree(staging);
        return Files.createDirectory(staging);
    }

    /// Writes the metadata of what was built in the staging directory, forces all of it to disk and gives it
    /// its name.
    public void seal(StoredVersion version) throws IOException {
        Path staging = staging(version.id());
        Files.writeString(staging.resolve(METADATA), VersionDescriptor.write(version));
        try (Stream<Path> files = Files.list(staging)) {
            for (Path file : files.toList()) {
                force(file);
            }
        }
        force(staging);
        Files.move(staging, directory(version.id()), StandardCopyOption.ATOMIC_MOVE);
        force(root);
    }

    /// Forces a module that was compiled anew to disk, and the metadata that goes with it.
    public void replaceMetadata(StoredVersion version) throws IOException {
        Path directory = directory(version.id());
        Path partial = directory.resolve(METADATA + ".new");
        Files.writeString(partial, VersionDescriptor.write(version));
        force(partial);
        force(artifact(version));
        Files.move(partial, directory.resolve(METADATA), StandardCopyOption.ATOMIC_MOVE);
        force(directory);
    }

    /// Drops what a failed deploy left, whether it was sealed or not.
    public void discard(VersionId id) throws IOException {
        deleteTree(staging(id));
        deleteTree(directory(id));
    }

    /// Removes the files of a version.
    public void delete(VersionId id) throws IOException {
        deleteTree(directory(id));
    }

    /// Whether what workers run is there.
    public boolean holdsArtifact(StoredVersion version) {
        return Files.isRegularFile(artifact(version));
    }

    /// Whether what the version's artifact can be made from is there.
    public boolean holdsSource(StoredVersion version) {
        Path module = directory(version.id()).resolve("code.wasm");
        return Files.isRegularFile(source(version)) && (!version.wasm() || Files.isRegularFile(module));
    }

    /// Removes the directories of deploys that never finished. Files of other names are not touched.
    ///
    /// @param known ids that the registry knows, as text
    /// @return names of what was removed
    public List<String> removeOrphans(Set<String> known) throws IOException {
        List<String> removed = new ArrayList<>();
        for (String name : entries()) {
            boolean staging = name.startsWith(STAGING);
            if (staging || (VersionId.isValid(name) && !known.contains(name))) {
                deleteTree(root.resolve(name));
                removed.add(name);
            }
        }
        return removed;
    }

    /// The versions that are on disk, by their metadata: what a registry that was lost is made from. The
    /// newest version of each function counts as its live one. Metadata that is not valid leaves its version
    /// out.
    public List<StoredVersion> recover(Log log) throws IOException {
        List<StoredVersion> found = new ArrayList<>();
        for (String name : entries()) {
            Path metadata = root.resolve(name).resolve(METADATA);
            if (VersionId.isValid(name) && Files.isRegularFile(metadata)) {
                recover(metadata, found, log);
            }
        }
        return found.stream()
                .map(version -> version.withLive(found.stream()
                        .filter(other -> other.name().equals(version.name()))
                        .noneMatch(other ->
                                other.id().epochSeconds() > version.id().epochSeconds())))
                .toList();
    }

    private static void recover(Path metadata, List<StoredVersion> found, Log log) throws IOException {
        try {
            found.add(VersionDescriptor.read(Files.readString(metadata, StandardCharsets.UTF_8), false));
        } catch (IllegalArgumentException e) {
            log.error(LogEvent.REGISTRY_ROW_INVALID, "file", metadata, "reason", String.valueOf(e.getMessage()));
        }
    }

    private Path staging(VersionId id) {
        return root.resolve(STAGING + id);
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /// fsync(2), which Java offers for files and, opened for reading, for directories as well.
    private static void force(Path path) throws IOException {
        StandardOpenOption mode = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        try {
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            if (!tree.toString().equals(e.getFile())) {
                throw e;
            }
        }
    }
}
