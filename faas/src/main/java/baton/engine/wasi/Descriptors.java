package baton.engine.wasi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The guest's descriptors: stdin, stdout and stderr, which it may close and renumber. Owned by the runner's
/// thread.
///
/// All three look like pipes: they cannot seek, and their file type is unknown, so that C libraries buffer
/// stdout in full.
final class Descriptors {
    /// Returned when stdout would go over its limit.
    static final int OVER_LIMIT = -3;

    private static final int COUNT = 3;
    private static final int CLOSED = -1;
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private static final int FDSTAT_BYTES = 24;
    private static final int FILESTAT_BYTES = 64;
    private static final int IOVEC_BYTES = 8;
    private static final int FLAGS_MASK = 0x1f;

    private static final long RIGHT_READ = 1L << 1;
    private static final long RIGHT_WRITE = 1L << 6;
    private static final long RIGHT_SET_FLAGS = 1L << 3;
    private static final long RIGHT_FILESTAT = 1L << 21;
    private static final long RIGHT_POLL = 1L << 27;

    private final GuestMemory memory;

    /// What each descriptor stands for now.
    private final int[] streams = new int[COUNT];

    private final int[] flags = new int[COUNT];
    private final long[] rights = new long[COUNT];
    private @Nullable WasiContext context;
    private int stdinRead;
    private long stdoutWritten;

    Descriptors(GuestMemory memory) {
        this.memory = memory;
    }

    void begin(WasiContext invocation) {
        context = invocation;
        stdinRead = 0;
        stdoutWritten = 0;
        long common = RIGHT_SET_FLAGS | RIGHT_FILESTAT | RIGHT_POLL;
        for (int fd = 0; fd < COUNT; fd++) {
            streams[fd] = fd;
            flags[fd] = 0;
            rights[fd] = common | (fd == STDIN ? RIGHT_READ : RIGHT_WRITE);
        }
    }

    boolean isStdin(int fd) {
        return stream(fd) == STDIN;
    }

    boolean isOutput(int fd) {
        return stream(fd) == STDOUT || stream(fd) == STDERR;
    }

    int stdinLeft() {
        return invocation().stdinLength - stdinRead;
    }

    /// The answer for what pipes cannot do.
    ///
    /// @param errno unless the descriptor is closed
    int refuse(int fd, int errno) {
        return stream(fd) == CLOSED ? Errno.BADF : errno;
    }

    int read(int fd, int vectors, int count, int result) {
        if (!isStdin(fd)) {
            return Errno.BADF;
        }
        if ((rights[fd] & RIGHT_READ) == 0) {
            return Errno.NOTCAPABLE;
        }
        WasiContext from = invocation();
        memory.require(vectors, Integer.toUnsignedLong(count) * IOVEC_BYTES);
        memory.require(result, 4);
        int total = 0;
        for (int i = 0; i != count && stdinLeft() > 0; i++) {
            int address = memory.getInt(vectors + i * IOVEC_BYTES);
            long room = Integer.toUnsignedLong(memory.getInt(vectors + i * IOVEC_BYTES + 4));
            int now = (int) Math.min(room, stdinLeft());
            memory.write(address, from.stdin, from.stdinOffset + stdinRead, now);
            stdinRead += now;
            total += now;
        }
        memory.putInt(result, total);
        return Errno.SUCCESS;
    }

    int write(int fd, int vectors, int count, int result) {
        int stream = stream(fd);
        if (stream != STDOUT && stream != STDERR) {
            return Errno.BADF;
        }
        if ((rights[fd] & RIGHT_WRITE) == 0) {
            return Errno.NOTCAPABLE;
        }
        memory.require(vectors, Integer.toUnsignedLong(count) * IOVEC_BYTES);
        memory.require(result, 4);
        long total = 0;
        for (int i = 0; i != count; i++) {
            int address = memory.getInt(vectors + i * IOVEC_BYTES);
            int length = memory.getInt(vectors + i * IOVEC_BYTES + 4);
            memory.require(address, Integer.toUnsignedLong(length));
            total += Integer.toUnsignedLong(length);
            if (total > Integer.MAX_VALUE) {
                return Errno.INVAL;
            }
            if (stream == STDERR) {
                keep(address, length);
            } else if (!append(address, length)) {
                return OVER_LIMIT;
            }
        }
        memory.putInt(result, (int) total);
        return Errno.SUCCESS;
    }

    int fdstat(int fd, int result) {
        if (stream(fd) == CLOSED) {
            return Errno.BADF;
        }
        memory.require(result, FDSTAT_BYTES);
        memory.putLong(result, (long) flags[fd] << 16);
        memory.putLong(result + 8, rights[fd]);
        memory.putLong(result + 16, 0);
        return Errno.SUCCESS;
    }

    int setFlags(int fd, int value) {
        if (stream(fd) == CLOSED) {
            return Errno.BADF;
        }
        if ((value & ~FLAGS_MASK) != 0) {
            return Errno.INVAL;
        }
        flags[fd] = value;
        return Errno.SUCCESS;
    }

    /// Rights can only be given up.
    int setRights(int fd, long base, long inheriting) {
        if (stream(fd) == CLOSED) {
            return Errno.BADF;
        }
        if ((base & ~rights[fd]) != 0 || inheriting != 0) {
            return Errno.NOTCAPABLE;
        }
        rights[fd] = base;
        return Errno.SUCCESS;
    }

    int filestat(int fd, int result) {
        if (stream(fd) == CLOSED) {
            return Errno.BADF;
        }
        memory.write(result, new byte[FILESTAT_BYTES], 0, FILESTAT_BYTES);
        return Errno.SUCCESS;
    }

    int close(int fd) {
        if (stream(fd) == CLOSED) {
            return Errno.BADF;
        }
        streams[fd] = CLOSED;
        return Errno.SUCCESS;
    }

    /// Moves a descriptor over another open one.
    int renumber(int from, int to) {
        if (stream(from) == CLOSED || stream(to) == CLOSED) {
            return Errno.BADF;
        }
        if (from != to) {
            streams[to] = streams[from];
            flags[to] = flags[from];
            rights[to] = rights[from];
            streams[from] = CLOSED;
        }
        return Errno.SUCCESS;
    }

    private WasiContext invocation() {
        return Objects.requireNonNull(context, "no invocation has begun");
    }

    private int stream(int fd) {
        return fd >= 0 && fd < COUNT ? streams[fd] : CLOSED;
    }

    /// @return false when stdout would go over its limit; nothing is appended then
    private boolean append(int address, int length) {
        WasiContext to = invocation();
        if (stdoutWritten + length > to.outputBytes) {
            return false;
        }
        memory.appendTo(to.stdout, address, length);
        stdoutWritten += length;
        return true;
    }

    private void keep(int address, int length) {
        WasiContext to = invocation();
        int now = Math.min(length, to.stderr.length - to.stderrLength);
        memory.read(address, to.stderr, to.stderrLength, now);
        to.stderrLength += now;
        to.stderrDropped += length - now;
    }
}
