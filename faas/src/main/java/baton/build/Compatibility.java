package baton.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Remembers the engine's [Builder#compatibility] between starts, so that the platform need not start a
/// builder to learn it. Safe for use by several threads.
final class Compatibility {
    private final CacheDirectory cache;
    private final Path file;
    private volatile @Nullable String value;

    Compatibility(CacheDirectory cache, EngineKind engine) throws IOException {
        this.cache = cache;
        Sha256 key = new Sha256().part(engine.argument()).part(MachineCode.id()).part(program());
        this.file = cache.path("compatibility", key.hex() + ".txt");
    }

    /// What tells one build of this program from another: its settings of the engine are part of the value.
    private static String program() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
            Path path = Path.of(entry.isEmpty() ? "." : entry);
            if (Files.exists(path)) {
                text.append(path).append(Files.size(path)).append(Files.getLastModifiedTime(path));
            }
        }
        return text.toString();
    }

    Optional<String> known() {
        String current = value;
        if (current != null) {
            return Optional.of(current);
        }
        try {
            String stored = Files.readString(file);
            value = stored;
            return Optional.of(stored);
        } catch (NoSuchFileException unknown) {
            return Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void remember(String text) throws IOException {
        if (text.equals(value)) {
            return;
        }
        value = text;
        Path work = cache.temporary("compatibility");
        try {
            Path made = Files.writeString(work.resolve("value"), text);
            Path parent = file.getParent();
            if (parent != null) {
                CacheDirectory.create(parent);
            }
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            CacheDirectory.delete(work);
        }
    }
}
