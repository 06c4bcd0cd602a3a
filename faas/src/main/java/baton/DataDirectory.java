package baton;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/// The platform's data directory, locked: two platforms on one directory would ruin it.
///
/// @param path of the directory
/// @param channel of the lock file
/// @param lock held until closed
record DataDirectory(Path path, FileChannel channel, FileLock lock) implements AutoCloseable {

    /// Makes the directory if it is not there, and locks it.
    ///
    /// @throws StartException when it cannot be written, or another platform has it
    static DataDirectory open(Path path) throws IOException, StartException {
        try {
            Files.createDirectories(path);
            Files.createDirectories(path.resolve("functions"));
            Path run = path.resolve("run");
            Files.createDirectories(run);
            Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));
            FileChannel channel =
                    FileChannel.open(run.resolve("lock"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new StartException("another platform uses " + path.toAbsolutePath()
                        + ": end it, or choose another directory with --data");
            }
            DataDirectory data = new DataDirectory(path, channel, lock);
            data.emptySockets();
            return data;
        } catch (AccessDeniedException e) {
            throw new StartException(cannotWrite(path, "permission denied"));
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            throw new StartException(cannotWrite(path, reason));
        }
    }

    @org.jspecify.annotations.Nullable
    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String cannotWrite(Path path, String reason) {
        return "cannot write to the data directory " + path.toAbsolutePath() + " (" + reason
                + "): make it writable for this user, or choose another one with --data";
    }

    private void emptySockets() throws IOException {
        Files.createDirectories(sockets());
        try (Stream<Path> old = Files.list(sockets())) {
            for (Path socket : old.toList()) {
                Files.delete(socket);
            }
        }
    }

    /// Files of the versions.
    Path functions() {
        return path.resolve("functions");
    }

    /// What matters only while the platform runs.
    Path run() {
        return path.resolve("run");
    }

    Path sockets() {
        return run().resolve("sockets");
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
