package baton.worker;

import baton.posix.NativeBuffer;
import java.lang.foreign.MemorySegment;

/// Bytes that wait until the socket takes them, outside the heap: a client that reads slowly must not make
/// memory for the requests of others scarce. Owned like the connection.
final class PendingOutput implements AutoCloseable {
    private static final int MAX_BYTES = 1 << 30;

    private final NativeBuffer kept;
    private int from;

    /// @param bytes room to begin with
    PendingOutput(int bytes) {
        kept = new NativeBuffer(Math.max(1, bytes), MAX_BYTES);
    }

    void append(MemorySegment source, int offset, int count) {
        kept.append(source, offset, count);
    }

    /// Where the bytes begin that are left.
    long address() {
        return kept.segment().address() + from;
    }

    int left() {
        return kept.length() - from;
    }

    /// The socket took some.
    void sent(int count) {
        from += count;
    }

    /// All bytes that were ever appended.
    int bytes() {
        return kept.length();
    }

    @Override
    public void close() {
        kept.close();
    }
}
