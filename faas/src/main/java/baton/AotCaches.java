package baton;

import baton.build.CacheDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
            "-Xmx96m",
            "-Xss512k",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:-UsePerfData",
            "-XX:+DisableAttachMechanism",
            "-Xshare:auto",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "--enable-native-access=ALL-UNNAMED");

    private final Path directory;

    private AotCaches(Path directory) {
        this.directory = directory;
    }

    static AotCaches of(CacheDirectory cache) throws IOException {
        Path jar = Path.of(System.getProperty("java.class.path").split(":")[0]).toAbsolutePath();
        long seconds = Files.getLastModifiedTime(jar).toMillis() / 1000;
        String name = seconds + "-" + Files.size(jar) + "-"
                + Path.of(System.getProperty("java.home")).getFileName();
        return new AotCaches(cache.path("aot", name));
    }

    /// Flags that use the cache of a role, none when there is none yet.
    List<String> flags(String role) {
        Path cache = directory.resolve(role + ".aot");
        List<String> flags = new ArrayList<>();
        if (Files.isRegularFile(cache)) {
            flags.add("-XX:AOTCache=" + cache);
            flags.add("-XX:AOTMode=auto");
        }
        return flags;
    }

    boolean has(String role) {
        return Files.isRegularFile(directory.resolve(role + ".aot"));
    }

    Path directory() {
        return directory;
    }
}
