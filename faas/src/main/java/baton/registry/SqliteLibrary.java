package baton.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/// SQLite's native library, unpacked once per release of the driver.
///
/// Left alone, the driver unpacks it into the directory for temporary files at every start, and a process
/// that is killed leaves its copy there for good.
final class SqliteLibrary {
    private SqliteLibrary() {}

    /// Unpacks the library where it is not there yet, and points the driver to it. The driver reads these
    /// system properties when it loads, once per process.
    static void prepare(Path cacheDirectory) throws IOException {
        String file = LibraryLoaderUtil.getNativeLibName();
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + file;
        Path directory = cacheDirectory.resolve("sqlite-" + SQLiteJDBCLoader.getVersion());
        Path library = directory.resolve(file);
        if (!Files.exists(library)) {
            unpack(resource, directory, library);
        }
        System.setProperty("org.sqlite.lib.path", directory.toString());
        System.setProperty("org.sqlite.lib.name", file);
        System.setProperty("org.sqlite.tmpdir", directory.toString());
    }

    private static void unpack(String resource, Path directory, Path library) throws IOException {
        Files.createDirectories(directory);
        Path partial = Files.createTempFile(directory, "unpacking-", ".so");
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the SQLite driver has no native library " + resource + " for this machine");
            }
            Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
            Files.move(partial, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
