package baton.admin;

import baton.posix.BlockingSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// Bytes that were read from a connection and not used yet. Owned by the connection's thread.
final class InputBuffer {
    private static final int CAPACITY = 32 << 10;

    private final BlockingSocket socket;
    private byte[] bytes;
    private int start;
    private int end;

    /// @param alreadyRead what somebody else has read from the connection before
    InputBuffer(BlockingSocket socket, byte[] alreadyRead) {
        this.socket = socket;
        this.bytes = Arrays.copyOf(alreadyRead, Math.max(CAPACITY, alreadyRead.length));
        this.end = alreadyRead.length;
    }

    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int length() {
        return end - start;
    }

    void consume(int count) {
        start += count;
    }

    byte[] takeAll() {
        byte[] rest = Arrays.copyOfRange(bytes, start, end);
        start = end;
        return rest;
    }

    /// Reads what comes next behind the bytes that are there; offsets into [#bytes] change.
    ///
    /// @param deadlineNanos by [System#nanoTime]
    /// @return false when the client closed its side
    /// @throws java.net.SocketTimeoutException at the deadline
    boolean fill(long deadlineNanos) throws IOException {
        if (start > 0) {
            System.arraycopy(bytes, start, bytes, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == bytes.length) {
            throw new IllegalStateException("nothing was consumed of " + end + " bytes");
        }
        int count = socket.read(bytes, end, bytes.length - end, millisUntil(deadlineNanos));
        end += Math.max(0, count);
        return count > 0;
    }

    static long deadline(Duration from) {
        return System.nanoTime() + from.toNanos();
    }

    private static int millisUntil(long deadlineNanos) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        return Math.clamp(left, 0, Integer.MAX_VALUE);
    }
}
