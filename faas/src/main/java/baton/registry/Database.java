package baton.registry;

import baton.registry.RegistryException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// One SQLite file, opened for this process alone among Batons, while other SQLite clients may read and edit
/// it. Its callers serialise their use of the one connection.
final class Database implements AutoCloseable {
    /// How long a statement waits for another program's lock.
    static final Duration LOCK_WAIT = Duration.ofSeconds(5);

    private static final String OWNER_ONLY = "rw-------";

    /// Statements that run inside a transaction or outside of one.
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private final Path file;
    private final FileChannel lock;
    private final Connection connection;
    private final boolean created;

    private Database(Path file, FileChannel lock, Connection connection, boolean created) {
        this.file = file;
        this.lock = lock;
        this.connection = connection;
        this.created = created;
    }

    /// Opens the file, or creates it readable by its owner only: it holds the functions' variables.
    ///
    /// @param cacheDirectory where SQLite's native library is kept
    static Database open(Path file, Path cacheDirectory) {
        FileChannel lock = lock(file);
        try {
            SqliteLibrary.prepare(cacheDirectory);
            boolean created = !Files.exists(file);
            if (created) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
            }
            return new Database(file, lock, connect(file), created);
        } catch (IOException e) {
            closeQuietly(lock, e);
            throw new RegistryException(
                    Reason.READ_ONLY,
                    "the registry " + file + " cannot be created (" + e + "): make its directory writable",
                    e);
        } catch (RegistryException e) {
            closeQuietly(lock, e);
            throw e;
        }
    }

    private static Connection connect(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(Math.toIntExact(LOCK_WAIT.toMillis()));
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        try {
            Connection connection = config.createConnection("jdbc:sqlite:" + file);
            try {
                check(connection, file);
                return connection;
            } catch (SQLException | RegistryException e) {
                closeQuietly(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    /// Reads every page once and takes the lock of a writer once, so that a damaged, locked or read-only
    /// file is found at start and not at the first deploy.
    private static void check(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
                String verdict = rows.next() ? rows.getString(1) : "no verdict";
                if (!"ok".equals(verdict)) {
                    throw damaged(file, verdict, null);
                }
            }
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("COMMIT");
        }
    }

    /// Two platforms over the same files would remove each other's functions.
    private static FileChannel lock(Path file) {
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
        FileChannel channel = null;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return channel;
            }
            throw new OverlappingFileLockException();
        } catch (OverlappingFileLockException e) {
            RegistryException failure = new RegistryException(
                    Reason.LOCKED,
                    "the registry " + file + " is in use by another Baton: stop that one, or choose another"
                            + " directory with --data",
                    e);
            closeQuietly(channel, failure);
            throw failure;
        } catch (IOException e) {
            closeQuietly(channel, e);
            throw new RegistryException(
                    Reason.READ_ONLY,
                    "the registry's lock file " + lockFile + " cannot be written (" + e
                            + "): make its directory writable",
                    e);
        }
    }

    /// Whether [#open] made the file.
    boolean created() {
        return created;
    }

    Path file() {
        return file;
    }

    /// Runs statements that only read.
    <T> T read(Work<T> work) {
        try {
            return work.run(connection);
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    /// Runs statements as one transaction: all of them are on disk when this returns, or none.
    void write(Work<?> work) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            try {
                work.run(connection);
                statement.execute("COMMIT");
            } catch (SQLException e) {
                rollBack(statement, e);
                throw e;
            }
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    private static void rollBack(Statement statement, SQLException cause) {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            // SQLite has already rolled back after some errors, such as a full disk.
            cause.addSuppressed(e);
        }
    }

    /// A number that changes when another program has committed a change.
    long dataVersion() {
        return read(c -> number(c, "PRAGMA data_version"));
    }

    static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    static RegistryException failure(Path file, SQLException e) {
        SQLiteErrorCode code = e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new RegistryException(
                        Reason.LOCKED,
                        "the registry " + file + " has been locked by another program for more than "
                                + LOCK_WAIT.toSeconds() + " s: end that program's transaction, then try again",
                        e);
            case SQLITE_CORRUPT, SQLITE_NOTADB -> damaged(file, e.getMessage(), e);
            case SQLITE_FULL, SQLITE_IOERR ->
                new RegistryException(
                        Reason.DISK,
                        "the registry " + file + " cannot be written (" + e.getMessage() + "): free disk space",
                        e);
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN ->
                new RegistryException(
                        Reason.READ_ONLY,
                        "the registry " + file + " may not be written (" + e.getMessage()
                                + "): make the file and its directory writable",
                        e);
            default -> new RegistryException(Reason.OTHER, "the registry " + file + ": " + e.getMessage(), e);
        };
    }

    private static RegistryException damaged(Path file, @Nullable String verdict, @Nullable SQLException cause) {
        String message = "the registry " + file + " is damaged (" + verdict + "): move it away together with its"
                + " -wal and -shm files and start again. Functions are then taken from their metadata.json files;"
                + " routes must be added anew, unless sqlite3's .recover or a backup has them";
        return cause == null
                ? new RegistryException(Reason.DAMAGED, message)
                : new RegistryException(Reason.DAMAGED, message, cause);
    }

    private static void closeQuietly(@Nullable AutoCloseable resource, Exception cause) {
        if (resource == null) {
            return;
        }
        try {
            resource.close();
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
    }

    /// Closes the connection, which moves the write-ahead log into the file, and gives the lock back.
    @Override
    public void close() {
        try (lock) {
            connection.close();
        } catch (SQLException e) {
            throw failure(file, e);
        } catch (IOException e) {
            throw new RegistryException(Reason.DISK, "the registry's lock cannot be closed: " + e.getMessage(), e);
        }
    }
}
