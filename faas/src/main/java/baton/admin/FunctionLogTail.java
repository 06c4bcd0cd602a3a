package baton.admin;

import baton.function.FunctionName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What functions wrote to stderr: `logs/functions/NAME.log`, appended to by workers and replaced when it is
/// rotated.
final class FunctionLogTail {
    /// How much of the end of a log is shown.
    static final int TAIL_BYTES = 256 << 10;

    private static final int PIECE_BYTES = 32 << 10;
    private static final int POLL_MILLIS = 250;

    private final Path directory;

    /// @param directory `logs/functions`
    FunctionLogTail(Path directory) {
        this.directory = directory;
    }

    /// The end of a function's log, from the beginning of a line.
    byte[] tail(FunctionName name) throws IOException {
        Path file = file(name);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long from = lineStart(channel);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size() - from, TAIL_BYTES));
            readFully(channel, bytes, from);
            byte[] read = new byte[bytes.position()];
            bytes.flip().get(read);
            return read;
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    /// Writes the end of a function's log and then what is added to it, until the client has gone.
    void follow(FunctionName name, Reply.Sink sink) throws IOException {
        Path file = file(name);
        byte[] piece = new byte[PIECE_BYTES];
        Object known = null;
        long position = 0;
        do {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                Object now = identity(file);
                if (known == null) {
                    position = lineStart(channel);
                } else if (!Objects.equals(known, now) || channel.size() < position) {
                    position = 0;
                }
                known = now;
                position = copy(channel, position, piece, sink);
            } catch (NoSuchFileException e) {
                // Nothing was written yet, or the log is being rotated: from its beginning, then.
                known = "";
            }
        } while (sink.pause(POLL_MILLIS));
    }

    private static long copy(FileChannel channel, long from, byte[] piece, Reply.Sink sink) throws IOException {
        long position = from;
        while (true) {
            int count = channel.read(ByteBuffer.wrap(piece), position);
            if (count <= 0) {
                return position;
            }
            sink.write(piece, 0, count);
            position += count;
        }
    }

    private static @Nullable Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static long lineStart(FileChannel channel) throws IOException {
        long from = Math.max(0, channel.size() - TAIL_BYTES);
        if (from == 0) {
            return 0;
        }
        ByteBuffer bytes = ByteBuffer.allocate(PIECE_BYTES);
        int count = channel.read(bytes, from);
        for (int i = 0; i < count; i++) {
            if (bytes.get(i) == '\n') {
                return from + i + 1;
            }
        }
        return from;
    }

    private static void readFully(FileChannel channel, ByteBuffer target, long from) throws IOException {
        while (target.hasRemaining() && channel.read(target, from + target.position()) >= 0) {
            // Reads until the buffer is full or the file ends.
        }
    }

    private Path file(FunctionName name) {
        return directory.resolve(name + ".log");
    }
}
