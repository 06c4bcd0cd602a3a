package baton.posix;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// A listening Unix stream socket in a private directory, and connections to it
/// ([unix(7)](https://man7.org/linux/man-pages/man7/unix.7.html)).
///
/// The 108 bytes of a socket's path are too few for a deep data directory, so it is named through a
/// descriptor of its directory: `/proc/self/fd/N/name`.
public final class UnixListener implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final int ADDRESS_BYTES = 110;
    private static final int O_PATH_DIRECTORY_CLOEXEC = 0x200000 | 0x10000 | 0x80000;
    private static final int AT_FDCWD = -100;

    private final Path path;
    private final Descriptor directory;
    private final Descriptor socket;

    private UnixListener(Path path, Descriptor directory, Descriptor socket) {
        this.path = path;
        this.directory = directory;
        this.socket = socket;
    }

    /// Listens at a path that does not exist yet.
    public static UnixListener open(Path path) throws IOException {
        Syscalls syscalls = Syscalls.ofThread();
        try (Arena arena = Arena.ofConfined()) {
            Path holder = Objects.requireNonNull(path.toAbsolutePath().getParent(), "a socket needs a directory");
            MemorySegment parent = arena.allocateFrom(holder.toString());
            Descriptor directory = new Descriptor(Errno.check(
                    syscalls.call(257, AT_FDCWD, parent.address(), O_PATH_DIRECTORY_CLOEXEC, 0, 0, 0),
                    "open " + holder));
            Descriptor socket = new Descriptor(Errno.check(
                    syscalls.call(41, Socket.AF_UNIX, Socket.SOCK_STREAM | Socket.SOCK_CLOEXEC, 0), "socket"));
            UnixListener listener = new UnixListener(path, directory, socket);
            try {
                long address = listener.address(arena).address();
                Errno.check(syscalls.call(49, socket.number(), address, ADDRESS_BYTES), "bind " + path);
                Errno.check(syscalls.call(50, socket.number(), BACKLOG, 0), "listen " + path);
                return listener;
            } catch (IOException e) {
                listener.close();
                throw e;
            }
        }
    }

    /// The listening socket, to be inherited by whoever accepts.
    public Descriptor socket() {
        return socket;
    }

    /// A new non-blocking connection; it waits in the backlog until it is accepted.
    public Descriptor connect() throws IOException {
        Syscalls syscalls = Syscalls.ofThread();
        int type = Socket.SOCK_STREAM | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK;
        Descriptor client = new Descriptor(Errno.check(syscalls.call(41, Socket.AF_UNIX, type, 0), "socket"));
        try (Arena arena = Arena.ofConfined()) {
            long address = address(arena).address();
            Errno.check(syscalls.call(42, client.number(), address, ADDRESS_BYTES), "connect " + path);
            return client;
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    private MemorySegment address(Arena arena) {
        byte[] name =
                ("/proc/self/fd/" + directory.number() + "/" + path.getFileName()).getBytes(StandardCharsets.UTF_8);
        MemorySegment address = arena.allocate(ADDRESS_BYTES, 8);
        address.set(JAVA_SHORT, 0, (short) Socket.AF_UNIX);
        MemorySegment.copy(MemorySegment.ofArray(name), 0, address, 2, name.length);
        return address;
    }

    /// Closes the socket and removes its file.
    ///
    /// @throws IOException when the file cannot be removed; everything is closed then, too
    @Override
    public void close() throws IOException {
        socket.close();
        directory.close();
        Files.deleteIfExists(path);
    }
}
