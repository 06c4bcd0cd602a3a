package baton.posix;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;

/// A connected stream socket with blocking reads and writes that time out, for the control plane. It works on
/// non-blocking sockets, as handed-off ones are. One thread at a time.
public final class BlockingSocket implements AutoCloseable {
    private static final int SCRATCH_BYTES = 32 << 10;

    private final Descriptor socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment scratch = arena.allocate(SCRATCH_BYTES, 8);

    public BlockingSocket(Descriptor socket) {
        this.socket = socket;
    }

    /// Reads what is there, waiting for the first byte.
    ///
    /// @return bytes read, or -1 when the other side closed
    /// @throws SocketTimeoutException when nothing came in time
    public int read(byte[] target, int offset, int length, int timeoutMillis) throws IOException {
        Syscalls syscalls = Syscalls.ofThread();
        long wanted = Math.min(length, SCRATCH_BYTES);
        for (; ; ) {
            int count = syscalls.receive(socket.number(), scratch.address(), wanted, Socket.MSG_DONTWAIT);
            if (count > 0) {
                MemorySegment.copy(scratch, ValueLayout.JAVA_BYTE, 0, target, offset, count);
                return count;
            }
            if (count == 0) {
                return -1;
            }
            if (count != -Errno.EAGAIN) {
                throw new IOException("recv: " + Errno.describe(-count));
            }
            await(syscalls, Socket.POLLIN, timeoutMillis);
        }
    }

    /// Writes all bytes.
    ///
    /// @param timeoutMillis how long the other side may take nothing at all
    public void write(byte[] source, int offset, int length, int timeoutMillis) throws IOException {
        Syscalls syscalls = Syscalls.ofThread();
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, SCRATCH_BYTES);
            MemorySegment.copy(source, offset + done, scratch, ValueLayout.JAVA_BYTE, 0, part);
            int count = syscalls.send(socket.number(), scratch.address(), part, Socket.MSG_DONTWAIT);
            if (count >= 0) {
                done += count;
            } else if (count == -Errno.EAGAIN) {
                await(syscalls, Socket.POLLOUT, timeoutMillis);
            } else if (count == -Errno.EPIPE || count == -Errno.ECONNRESET) {
                throw new EOFException("the other side closed the connection");
            } else {
                throw new IOException("send: " + Errno.describe(-count));
            }
        }
    }

    /// Tells the other side that nothing more comes.
    public void shutdownOutput() {
        Syscalls.ofThread().shutdown(socket.number(), Socket.SHUT_WR);
    }

    /// The address of the other side as text, such as `127.0.0.1`
    /// ([getpeername(2)](https://man7.org/linux/man-pages/man2/getpeername.2.html)).
    ///
    /// @throws IOException when the other side has gone
    public String peerHost() throws IOException {
        scratch.set(ValueLayout.JAVA_INT, 0, SocketAddress.MAX_BYTES);
        MemorySegment address = scratch.asSlice(8, SocketAddress.MAX_BYTES);
        long result = Syscalls.ofThread().call(52, socket.number(), address.address(), scratch.address());
        Errno.check(result, "getpeername");
        return SocketAddress.host(address);
    }

    /// Gives the socket away; this object must not be used any more.
    public Descriptor release() {
        Descriptor given = new Descriptor(socket.release());
        arena.close();
        return given;
    }

    private void await(Syscalls syscalls, int events, int timeoutMillis) throws IOException {
        if (Errno.check(syscalls.poll(socket.number(), events, -1, timeoutMillis), "poll") == 0) {
            throw new SocketTimeoutException("nothing moved for " + timeoutMillis + " ms");
        }
    }

    @Override
    public void close() {
        socket.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
