package baton.build;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Unpacks files of a tar archive: ustar of POSIX.1-2017 `pax`, and the long names of GNU tar. Links and
/// devices are left out.
final class TarReader {
    private static final int BLOCK_BYTES = 512;
    private static final int NAME_BYTES = 4096;

    private final InputStream in;
    private final byte[] header = new byte[BLOCK_BYTES];

    TarReader(InputStream in) {
        this.in = in;
    }

    /// Unpacks every file that `place` gives a path to.
    ///
    /// @param place where a file of that name goes, or null when it is not wanted
    void unpack(Function<String, @Nullable Path> place) throws IOException {
        String longName = null;
        while (in.readNBytes(header, 0, BLOCK_BYTES) == BLOCK_BYTES && header[0] != 0) {
            long size = octal(124, 12);
            byte type = header[156];
            if (type == 'L') {
                longName = longName(size);
                continue;
            }
            String name = longName != null ? longName : name();
            longName = null;
            Path target = type == '0' || type == 0 ? place.apply(name) : null;
            if (target == null) {
                in.skipNBytes(size);
            } else {
                copy(size, target);
            }
            in.skipNBytes(padding(size));
        }
    }

    /// A path below a directory.
    ///
    /// @throws IllegalArgumentException when the name would lead out of it
    static Path below(Path directory, String name) {
        Path path = directory.resolve(name).normalize();
        if (!path.startsWith(directory)) {
            throw new IllegalArgumentException("the archive's entry " + name + " leads out of its directory");
        }
        return path;
    }

    private void copy(long size, Path target) throws IOException {
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (var out = Files.newOutputStream(target)) {
            byte[] buffer = new byte[1 << 16];
            for (long left = size; left > 0; ) {
                int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (n < 0) {
                    throw new EOFException("the archive ends within " + target.getFileName());
                }
                out.write(buffer, 0, n);
                left -= n;
            }
        }
    }

    private String longName(long size) throws IOException {
        if (size > NAME_BYTES) {
            throw new IOException("the archive has a name of " + size + " bytes");
        }
        byte[] bytes = in.readNBytes((int) size);
        in.skipNBytes(padding(size));
        return new String(bytes, StandardCharsets.UTF_8).replace("\0", "");
    }

    private String name() {
        String prefix = text(345, 155);
        boolean ustar = text(257, 5).equals("ustar") && header[262] == 0;
        return ustar && !prefix.isEmpty() ? prefix + "/" + text(0, 100) : text(0, 100);
    }

    private String text(int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    private long octal(int from, int length) throws IOException {
        String digits = text(from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException failure) {
            throw new IOException("the archive is damaged: a size reads " + digits, failure);
        }
    }

    private static long padding(long size) {
        return (BLOCK_BYTES - size % BLOCK_BYTES) % BLOCK_BYTES;
    }
}
