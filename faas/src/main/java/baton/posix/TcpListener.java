package baton.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// A listening TCP socket. Accepted sockets are non-blocking and have Nagle's algorithm off.
public final class TcpListener implements AutoCloseable {
    /// Connections that the kernel holds for us before it refuses more.
    private static final int BACKLOG = 4096;

    private final Descriptor socket;
    private final Descriptor wake;
    private final int port;
    private volatile boolean closing;

    private TcpListener(Descriptor socket, Descriptor wake, int port) {
        this.socket = socket;
        this.wake = wake;
        this.port = port;
    }

    /// Listens.
    ///
    /// @param port 0 takes a free one; see [#port]
    /// @param deferSeconds the kernel reports a connection only when its first bytes are there, or after
    ///     this time; 0 reports it at once (TCP_DEFER_ACCEPT of
    ///     [tcp(7)](https://man7.org/linux/man-pages/man7/tcp.7.html))
    /// @throws BindException when the port is taken or may not be used
    public static TcpListener open(InetAddress bind, int port, int deferSeconds) throws IOException {
        Syscalls syscalls = Syscalls.ofThread();
        int family = bind.getAddress().length == 4 ? Socket.AF_INET : Socket.AF_INET6;
        int type = Socket.SOCK_STREAM | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK;
        int fd = Errno.check(syscalls.call(41, family, type, 0), "socket");
        try (Arena arena = Arena.ofConfined()) {
            syscalls.setOption(fd, Socket.SOL_SOCKET, Socket.SO_REUSEADDR, 1);
            syscalls.setOption(fd, Socket.IPPROTO_TCP, Socket.TCP_NODELAY, 1);
            if (deferSeconds > 0) {
                syscalls.setOption(fd, Socket.IPPROTO_TCP, Socket.TCP_DEFER_ACCEPT, deferSeconds);
            }
            MemorySegment address = arena.allocate(SocketAddress.MAX_BYTES, 8);
            int length = SocketAddress.write(address, bind, port);
            long bound = syscalls.call(49, fd, address.address(), length);
            if (bound < 0) {
                throw new BindException(bind.getHostAddress() + ":" + port + ": " + Errno.describe((int) -bound));
            }
            Errno.check(syscalls.call(50, fd, BACKLOG, 0), "listen");
            MemorySegment size = arena.allocate(4, 4);
            size.set(java.lang.foreign.ValueLayout.JAVA_INT, 0, SocketAddress.MAX_BYTES);
            Errno.check(syscalls.call(51, fd, address.address(), size.address()), "getsockname");
            Descriptor wake = new Descriptor(Errno.check(syscalls.eventDescriptor(), "eventfd"));
            return new TcpListener(new Descriptor(fd), wake, SocketAddress.port(address));
        } catch (IOException e) {
            syscalls.close(fd);
            throw e;
        }
    }

    public int port() {
        return port;
    }

    public int number() {
        return socket.number();
    }

    /// Waits for a connection.
    ///
    /// @return its socket, or null once the listener is being closed
    public @Nullable Descriptor accept() throws IOException {
        Syscalls syscalls = Syscalls.ofThread();
        while (!closing) {
            syscalls.poll(socket.number(), Socket.POLLIN, wake.number(), -1);
            if (closing) {
                break;
            }
            int fd = syscalls.accept(socket.number());
            if (fd >= 0) {
                return new Descriptor(fd);
            }
            if (fd != -Errno.EAGAIN && fd != -Errno.ECONNRESET && fd != -103) {
                throw new IOException("accept: " + Errno.describe(-fd));
            }
        }
        return null;
    }

    /// Ends [#accept] in its thread; the socket stays until [#close].
    public void stopAccepting() {
        closing = true;
        Syscalls.ofThread().wake(wake.number());
    }

    @Override
    public void close() {
        closing = true;
        socket.close();
        wake.close();
    }
}
