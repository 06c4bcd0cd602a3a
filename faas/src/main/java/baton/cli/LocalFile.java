package baton.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A file of the user that a command sends.
public final class LocalFile {
    /// The largest file that is read; the platform's own limits are lower.
    private static final long MAX_BYTES = 256L << 20;

    private LocalFile() {}

    /// @throws CommandException naming why it cannot be read
    public static byte[] read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw CommandException.failed("'" + file + "' is a directory: name a file in it");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw CommandException.failed("'" + file + "' is larger than 256Mi");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw CommandException.failed("there is no file '" + file + "'", e);
        } catch (IOException e) {
            throw CommandException.failed("cannot read '" + file + "': " + e.getMessage(), e);
        }
    }

    /// The file's name without its directories.
    static String name(Path file) {
        Path last = file.getFileName();
        return last == null ? "" : last.toString();
    }
}
