package baton.posix;

import java.io.IOException;

/// Two connected, unnamed Unix sockets, close-on-exec.
///
/// @param near the end that the maker keeps
/// @param far the end that is given away
public record SocketPair(Descriptor near, Descriptor far) implements AutoCloseable {
    /// @param type such as [Socket#SOCK_SEQPACKET], with flags
    public static SocketPair open(int type) throws IOException {
        long pair = Syscalls.ofThread().socketPair(type);
        if (pair < 0) {
            throw new IOException("socketpair: " + Errno.describe((int) -pair));
        }
        return new SocketPair(new Descriptor((int) pair), new Descriptor((int) (pair >>> 32)));
    }

    /// Makes room for `bytes` of messages under way in each direction.
    public SocketPair withBuffers(int bytes) {
        Syscalls syscalls = Syscalls.ofThread();
        for (Descriptor end : new Descriptor[] {near, far}) {
            syscalls.setOption(end.number(), Socket.SOL_SOCKET, Socket.SO_SNDBUF, bytes);
        }
        return this;
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
