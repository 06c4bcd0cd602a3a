package baton.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The directory under the user's home that keeps what every platform of this machine shares: the engine's
/// library, the compiler made ready, artifacts. It holds code that is run as it is, so only its owner may
/// enter.
///
/// What is in it appears whole or not at all: it is made under `tmp` and renamed. Safe for use by several
/// threads and processes, which exclude each other by [#lock].
public final class CacheDirectory {
    private static final long LOCK_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Path root;

    public CacheDirectory(Path root) {
        this.root = root.toAbsolutePath();
    }

    /// The directory that the environment names: `BATON_HOME`, else `XDG_CACHE_HOME/baton`, else
    /// `~/.cache/baton`.
    public static CacheDirectory ofEnvironment(Map<String, String> environment) {
        String home = environment.getOrDefault("BATON_HOME", "");
        if (!home.isBlank()) {
            return new CacheDirectory(Path.of(home));
        }
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        // The XDG base directory specification tells to ignore relative paths.
        if (caches.startsWith("/")) {
            return new CacheDirectory(Path.of(caches, "baton"));
        }
        return new CacheDirectory(Path.of(System.getProperty("user.home"), ".cache", "baton"));
    }

    public Path root() {
        return root;
    }

    /// A path inside, which need not exist.
    public Path path(String first, String... more) {
        Path path = root.resolve(first);
        for (String name : more) {
            path = path.resolve(name);
        }
        return path;
    }

    /// A lock that its holder must close.
    public interface Lock extends AutoCloseable {
        @Override
        void close();
    }

    /// Excludes other threads and processes from a piece of work.
    ///
    /// @param name of the work, a file name
    /// @param limit how long to wait for it
    /// @throws IOException when the lock cannot be had in time; the message names the file
    public Lock lock(String name, Duration limit) throws IOException {
        Path directory = create(root.resolve("locks"));
        Path file = directory.resolve(name + ".lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long deadline = System.nanoTime() + limit.toNanos();
        FileLock held = tryLock(channel);
        while (held == null) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                channel.close();
                throw new IOException("another process holds " + file + " since more than " + limit.toSeconds()
                        + " s; end it, then try again");
            }
            LockSupport.parkNanos(LOCK_POLL_NANOS);
            held = tryLock(channel);
        }
        return () -> close(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException anotherThread) {
            return null;
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// A new, empty directory for work in progress; whoever asked for it deletes or publishes it.
    public Path temporary(String prefix) throws IOException {
        return Files.createTempDirectory(
                create(root.resolve("tmp")),
                prefix + "-" + ProcessHandle.current().pid() + "-");
    }

    /// Renames what was made under [#temporary] to its place, replacing what was there.
    public void publish(Path made, Path place) throws IOException {
        create(parent(place));
        if (Files.isDirectory(place)) {
            delete(place);
        }
        Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Makes a directory and those above it, closed to others where it is new.
    static Path create(Path directory) throws IOException {
        return Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// Deletes what processes left under `tmp` that are no more.
    public void sweep() throws IOException {
        Path directory = root.resolve("tmp");
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (!ownerLives(String.valueOf(entry.getFileName()))) {
                    delete(entry);
                }
            }
        }
    }

    private static boolean ownerLives(String name) {
        String[] parts = name.split("-", 3);
        boolean named = parts.length == 3 && parts[1].matches("[0-9]{1,10}");
        return named && ProcessHandle.of(Long.parseLong(parts[1])).isPresent();
    }

    /// Deletes a file or a directory with all that is in it; does nothing when it is not there.
    public static void delete(Path path) throws IOException {
        if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no parent");
        }
        return parent;
    }
}
