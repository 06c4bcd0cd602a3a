package baton.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file that grows by whole lines and is rotated by size: `baton.log` is the newest, `baton.log.1` the one
/// before.
///
/// A line that cannot be written, because the disk is full or the directory went away, is dropped and
/// counted; logging never stops the platform. Any thread may use it; the monitor of this object guards the
/// channel.
public final class LogFile implements AutoCloseable {
    private final Path file;
    private final long maxBytes;
    private final int files;
    private @Nullable FileChannel channel;
    private long size;
    private long dropped;

    /// @param maxBytes size at which the file is rotated
    /// @param files how many files are kept in all, this one included
    public LogFile(Path file, long maxBytes, int files) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.files = files;
    }

    /// Appends one line.
    ///
    /// @param line without its line end
    /// @return false when it was dropped
    public synchronized boolean append(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            FileChannel to = opened();
            if (size > 0 && size + bytes.length > maxBytes) {
                to = rotated();
            }
            write(to, ByteBuffer.wrap(bytes));
            size += bytes.length;
            return true;
        } catch (IOException e) {
            dropped++;
            release();
            return false;
        }
    }

    /// How many lines were dropped since the last call.
    public synchronized long takeDropped() {
        long count = dropped;
        dropped = 0;
        return count;
    }

    /// Closes the file and deletes it with its older ones.
    public synchronized void delete() throws IOException {
        release();
        for (int index = 0; index < files; index++) {
            Files.deleteIfExists(numbered(index));
        }
    }

    @Override
    public synchronized void close() {
        release();
    }

    private FileChannel opened() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            Path directory = file.getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel = open;
            size = open.size();
            open.position(size);
        }
        return open;
    }

    private FileChannel rotated() throws IOException {
        release();
        Files.deleteIfExists(numbered(files - 1));
        for (int index = files - 2; index >= 0; index--) {
            if (Files.exists(numbered(index))) {
                Files.move(numbered(index), numbered(index + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return opened();
    }

    /// Writes all of the line or nothing of it.
    private void write(FileChannel to, ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (IOException e) {
            to.truncate(size);
            throw e;
        }
    }

    private Path numbered(int index) {
        return index == 0 ? file : file.resolveSibling(file.getFileName() + "." + index);
    }

    private void release() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                dropped++;
            }
        }
    }
}
