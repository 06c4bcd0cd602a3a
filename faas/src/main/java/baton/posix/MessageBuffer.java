package baton.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Native memory for messages of a Unix socket, seen as a [ByteBuffer] in native byte order. One thread at a
/// time.
public final class MessageBuffer {
    private final MemorySegment segment;
    private final ByteBuffer bytes;

    public MessageBuffer(int capacity) {
        this.segment = Arena.ofAuto().allocate(capacity, 8);
        this.bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /// The memory as a buffer, whose position and limit belong to the user.
    public ByteBuffer bytes() {
        return bytes;
    }

    /// Sends what lies between 0 and the position.
    ///
    /// @param fd descriptor that travels along, or -1
    /// @return bytes sent or `-errno`
    public int send(Syscalls syscalls, int socket, int fd) {
        return syscalls.sendMessage(socket, segment.address(), bytes.position(), fd);
    }

    /// Receives one message and makes it what lies between position 0 and the limit.
    ///
    /// @return its length, 0 at the end, or `-errno`
    public int receive(Syscalls syscalls, int socket) {
        bytes.clear();
        int count = syscalls.receiveMessage(socket, segment.address(), bytes.capacity());
        bytes.limit(Math.max(0, count));
        return count;
    }
}
