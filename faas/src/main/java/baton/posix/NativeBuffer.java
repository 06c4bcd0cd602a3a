package baton.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// A growable run of native memory that is filled at its end and handed to system calls without a copy.
/// Owned by one thread at a time.
public final class NativeBuffer implements AutoCloseable {
    private final int limit;
    private Arena arena = Arena.ofShared();
    private MemorySegment segment;
    private int length;

    /// @param capacity bytes to begin with
    /// @param limit bytes that it never grows beyond
    public NativeBuffer(int capacity, int limit) {
        this.limit = limit;
        this.segment = arena.allocate(capacity, 64);
    }

    /// The memory; its address and size change when the buffer grows.
    public MemorySegment segment() {
        return segment;
    }

    public int length() {
        return length;
    }

    /// Sets the length, for a caller that wrote into [#segment] itself or leaves room in front.
    public void length(int value) {
        length = value;
    }

    public int capacity() {
        return (int) segment.byteSize();
    }

    /// Makes room for further bytes behind the length.
    ///
    /// @throws IllegalStateException beyond the limit; callers check their own limits before
    public void ensure(int more) {
        long wanted = (long) length + more;
        if (wanted <= segment.byteSize()) {
            return;
        }
        if (wanted > limit) {
            throw new IllegalStateException("buffer limit " + limit + " exceeded: " + wanted);
        }
        long capacity = Math.min(limit, Math.max(wanted, segment.byteSize() * 2));
        replace(capacity, length);
    }

    public void append(MemorySegment source, long offset, int count) {
        ensure(count);
        MemorySegment.copy(source, offset, segment, length, count);
        length += count;
    }

    public void append(byte[] source, int offset, int count) {
        ensure(count);
        MemorySegment.copy(source, offset, segment, ValueLayout.JAVA_BYTE, length, count);
        length += count;
    }

    public void append(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        append(bytes, 0, bytes.length);
    }

    /// Gives memory back to the system when one large answer made the buffer grow.
    ///
    /// @param capacity bytes to shrink to; what the buffer holds is lost
    public void shrinkTo(int capacity) {
        if (segment.byteSize() > capacity) {
            length = 0;
            replace(capacity, 0);
        }
    }

    private void replace(long capacity, int keep) {
        Arena next = Arena.ofShared();
        MemorySegment grown = next.allocate(capacity, 64);
        MemorySegment.copy(segment, 0, grown, 0, keep);
        arena.close();
        arena = next;
        segment = grown;
    }

    @Override
    public void close() {
        arena.close();
    }
}
