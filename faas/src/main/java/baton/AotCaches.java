package baton;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The ahead-of-time caches that make processes of this program start fast (JEP 483, 514, 515). One per
/// role, for this very jar and virtual machine; the launcher looks for them in the same place.
///
/// A cache is made out of a run that does what the role does: see [#recording].
final class AotCaches {
    /// Flags of a worker; they must be the same when its cache is recorded.
    static final List<String> WORKER_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms8m",
            "-Xmn4m",
            "-Xss512k",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:-UsePerfData",
            "-XX:+DisableAttachMechanism",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "--enable-native-access=ALL-UNNAMED");

    private static final String PROPERTY = "baton.aot";

    private final @Nullable Path directory;
    private final boolean recording;

    private AotCaches(@Nullable Path directory, boolean recording) {
        this.directory = directory;
        this.recording = recording;
    }

    /// The caches in the directory that the launcher names; without a launcher there are none.
    static AotCaches ofLauncher() {
        String named = System.getProperty(PROPERTY, "");
        return new AotCaches(named.isEmpty() ? null : Path.of(named), false);
    }

    /// Has the processes that are started record their caches into a directory when they end.
    static AotCaches recording(Path directory) {
        return new AotCaches(directory, true);
    }

    /// Flags for a process of a role: to use its cache, to record it, or none.
    List<String> flags(String role) {
        if (directory == null) {
            return List.of();
        }
        Path cache = directory.resolve(role + ".aot");
        if (recording) {
            return List.of("-XX:AOTCacheOutput=" + cache);
        }
        return Files.isRegularFile(cache) ? List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=auto") : List.of();
    }

    /// Where the caches are kept, or empty when none are.
    Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    /// Whether this platform's processes record.
    boolean recording() {
        return recording;
    }
}
