package baton.wire;

import java.nio.ByteBuffer;

/// The state that moves with a connection's descriptor:
/// `long acceptedNanos, int peerIpv4, short peerPort, byte internal, int unreadLength, unread bytes`.
///
/// @param acceptedNanos [System#nanoTime] of the accept; CLOCK_MONOTONIC is the same in every process
/// @param peerIpv4 the client's address in network byte order, 0 when it is not IPv4 (then the worker asks
///     the kernel)
/// @param peerPort the client's port
/// @param internal whether the control plane opened it: then `X-Baton-Invoke` names the version that runs
/// @param unread bytes that were read from the socket and not consumed
public record ConnectionFrame(long acceptedNanos, int peerIpv4, short peerPort, boolean internal, byte[] unread) {
    private static final byte[] NOTHING = new byte[0];

    /// State of a connection of which nothing was read.
    public static ConnectionFrame untouched(long acceptedNanos, int peerIpv4, int peerPort) {
        return new ConnectionFrame(acceptedNanos, peerIpv4, (short) peerPort, false, NOTHING);
    }

    /// Writes the whole frame from position 0.
    public void write(ByteBuffer target, byte type) {
        target.clear();
        target.put(Protocol.VERSION)
                .put(type)
                .putLong(acceptedNanos)
                .putInt(peerIpv4)
                .putShort(peerPort);
        target.put((byte) (internal ? 1 : 0)).putInt(unread.length).put(unread);
    }

    /// Reads the fields behind version and type.
    ///
    /// @throws java.nio.BufferUnderflowException when the frame is too short
    public static ConnectionFrame read(ByteBuffer source) {
        long accepted = source.getLong();
        int address = source.getInt();
        short port = source.getShort();
        boolean internal = source.get() != 0;
        int length = source.getInt();
        if (length == 0) {
            return new ConnectionFrame(accepted, address, port, internal, NOTHING);
        }
        if (length < 0 || length > Protocol.MAX_UNREAD_BYTES) {
            throw new IllegalArgumentException("unread length " + length);
        }
        byte[] unread = new byte[length];
        source.get(unread);
        return new ConnectionFrame(accepted, address, port, internal, unread);
    }
}
