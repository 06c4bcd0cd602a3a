package baton.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Linux system calls for sockets and epoll, all through one downcall of libc's `syscall(2)`: a process that
/// binds one shape starts faster than one that binds twenty. Numbers and structures are those of x86-64.
///
/// An instance belongs to one thread, for it holds that thread's errno and scratch structures. A method that
/// can fail returns `-errno`; see [Errno]. `EINTR` is retried here and nowhere else.
public final class Syscalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final long ERRNO_OFFSET =
            Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));

    @SuppressWarnings("restricted")
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(1));

    private static final ThreadLocal<Syscalls> OF_THREAD = ThreadLocal.withInitial(Syscalls::new);

    private static final int MESSAGE_BYTES = 56;
    private static final int CONTROL_BYTES = 24;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment message = arena.allocate(MESSAGE_BYTES, 8);
    private final MemorySegment vector = arena.allocate(16, 8);
    private final MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
    private final MemorySegment word = arena.allocate(16, 8);
    private final MemorySegment peer = arena.allocate(SocketAddress.MAX_BYTES, 8);
    private int received = -1;

    public Syscalls() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            throw new UnsupportedOperationException("Baton runs on Linux x86-64 only, this is "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        }
    }

    /// The calling thread's own instance, for code that isn't hot.
    public static Syscalls ofThread() {
        return OF_THREAD.get();
    }

    /// Calls the kernel.
    ///
    /// @return the result, or `-errno`
    long call(long number, long a, long b, long c, long d, long e, long f) {
        for (; ; ) {
            long result;
            try {
                result = (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f);
            } catch (Throwable t) {
                throw new AssertionError("system call " + number, t);
            }
            if (result >= 0) {
                return result;
            }
            int errno = state.get(JAVA_INT, ERRNO_OFFSET);
            if (errno != Errno.EINTR) {
                return -errno;
            }
        }
    }

    long call(long number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    /// [recvfrom(2)](https://man7.org/linux/man-pages/man2/recvfrom.2.html): bytes read, 0 at the end.
    public int receive(int fd, long address, long length, int flags) {
        return (int) call(45, fd, address, length, flags, 0, 0);
    }

    /// [sendto(2)](https://man7.org/linux/man-pages/man2/sendto.2.html) without SIGPIPE: bytes written.
    public int send(int fd, long address, long length, int flags) {
        return (int) call(44, fd, address, length, flags | Socket.MSG_NOSIGNAL, 0, 0);
    }

    public int read(int fd, long address, long length) {
        return (int) call(0, fd, address, length);
    }

    public int write(int fd, long address, long length) {
        return (int) call(1, fd, address, length);
    }

    /// Closes a descriptor. Never retried: on Linux the number is free even after EINTR.
    public int close(int fd) {
        return (int) call(3, fd, 0, 0);
    }

    public int shutdown(int fd, int how) {
        return (int) call(48, fd, how, 0);
    }

    /// [accept4(2)](https://man7.org/linux/man-pages/man2/accept4.2.html), non-blocking and close-on-exec;
    /// the client's address is in [#peer] afterwards.
    public int accept(int fd) {
        word.set(JAVA_INT, 0, SocketAddress.MAX_BYTES);
        return (int) call(288, fd, peer.address(), word.address(), Socket.SOCK_NONBLOCK | Socket.SOCK_CLOEXEC, 0, 0);
    }

    /// Asks for the other side's address, which is in [#peer] afterwards.
    public int peerName(int fd) {
        word.set(JAVA_INT, 0, SocketAddress.MAX_BYTES);
        return (int) call(52, fd, peer.address(), word.address());
    }

    /// Asks for our own side's address, which is in [#peer] afterwards.
    public int socketName(int fd) {
        word.set(JAVA_INT, 0, SocketAddress.MAX_BYTES);
        return (int) call(51, fd, peer.address(), word.address());
    }

    /// The socket address that the last [#accept], [#peerName] or [#socketName] wrote: a `sockaddr_in` or
    /// `sockaddr_in6`.
    public MemorySegment peer() {
        return peer;
    }

    public int epollCreate() {
        return (int) call(291, Socket.SOCK_CLOEXEC, 0, 0);
    }

    /// [epoll_ctl(2)](https://man7.org/linux/man-pages/man2/epoll_ctl.2.html).
    ///
    /// @param data comes back with each event
    public int epollControl(int epoll, int operation, int fd, int events, long data) {
        word.set(JAVA_INT, 0, events);
        word.set(JAVA_LONG_UNALIGNED, 4, data);
        return (int) call(233, epoll, operation, fd, word.address(), 0, 0);
    }

    /// [epoll_wait(2)](https://man7.org/linux/man-pages/man2/epoll_wait.2.html).
    ///
    /// @param events address of room for `limit` events of [Epoll#EVENT_BYTES] bytes
    /// @param timeoutMillis -1 waits forever
    public int epollWait(int epoll, long events, int limit, int timeoutMillis) {
        return (int) call(232, epoll, events, limit, timeoutMillis, 0, 0);
    }

    /// A non-blocking [eventfd(2)](https://man7.org/linux/man-pages/man2/eventfd.2.html).
    public int eventDescriptor() {
        return (int) call(290, 0, Socket.SOCK_NONBLOCK | Socket.SOCK_CLOEXEC, 0);
    }

    /// Adds one to an eventfd, which wakes whoever polls it.
    public void wake(int eventDescriptor) {
        word.set(JAVA_LONG, 0, 1);
        write(eventDescriptor, word.address(), 8);
    }

    /// Takes what an eventfd counted.
    public void clearWake(int eventDescriptor) {
        read(eventDescriptor, word.address(), 8);
    }

    /// Two connected sockets; the first is in the low half of the result, the second in the high half.
    public long socketPair(int type) {
        long result = call(53, Socket.AF_UNIX, type | Socket.SOCK_CLOEXEC, 0, word.address(), 0, 0);
        return result < 0 ? result : word.get(JAVA_LONG, 0);
    }

    /// Sends one message and, with it, a copy of a descriptor
    /// ([unix(7)](https://man7.org/linux/man-pages/man7/unix.7.html), SCM_RIGHTS).
    ///
    /// @param fd the descriptor that travels, or -1 for none; the caller still owns its own copy
    public int sendMessage(int socket, long address, long length, int fd) {
        vector.set(JAVA_LONG, 0, address);
        vector.set(JAVA_LONG, 8, length);
        prepareMessage(fd >= 0);
        if (fd >= 0) {
            control.set(JAVA_LONG, 0, 20);
            control.set(JAVA_INT, 8, SOL_SOCKET);
            control.set(JAVA_INT, 12, SCM_RIGHTS);
            control.set(JAVA_INT, 16, fd);
        }
        return (int) call(46, socket, message.address(), Socket.MSG_NOSIGNAL | Socket.MSG_DONTWAIT);
    }

    /// Receives one message; a descriptor that came with it is in [#takeReceived]. When this process has no
    /// free descriptor left, the kernel closes the one that came, and only the message arrives.
    ///
    /// When this process has no descriptor left, the message comes without the one that it should bring.
    ///
    /// @return bytes of the message, 0 when the other side closed, `-EMSGSIZE` when it did not fit
    public int receiveMessage(int socket, long address, long capacity) {
        vector.set(JAVA_LONG, 0, address);
        vector.set(JAVA_LONG, 8, capacity);
        prepareMessage(true);
        control.set(JAVA_INT, 12, 0);
        int count = (int) call(47, socket, message.address(), Socket.MSG_CMSG_CLOEXEC | Socket.MSG_DONTWAIT);
        boolean carries = count >= 0 && message.get(JAVA_LONG, 40) >= 20 && control.get(JAVA_INT, 12) == SCM_RIGHTS;
        received = carries ? control.get(JAVA_INT, 16) : -1;
        if (count >= 0 && (message.get(JAVA_INT, 48) & Socket.MSG_TRUNC) != 0) {
            int orphan = takeReceived();
            if (orphan >= 0) {
                close(orphan);
            }
            return -Errno.EMSGSIZE;
        }
        return count;
    }

    /// The descriptor of the last received message, once: -1 when there was none or it was taken already.
    public int takeReceived() {
        int fd = received;
        received = -1;
        return fd;
    }

    private void prepareMessage(boolean withControl) {
        message.set(JAVA_LONG, 0, 0);
        message.set(JAVA_LONG, 8, 0);
        message.set(ADDRESS, 16, vector);
        message.set(JAVA_LONG, 24, 1);
        message.set(ADDRESS, 32, withControl ? control : MemorySegment.NULL);
        message.set(JAVA_LONG, 40, withControl ? CONTROL_BYTES : 0);
        message.set(JAVA_INT, 48, 0);
    }

    public int setOption(int fd, int level, int option, int value) {
        word.set(JAVA_INT, 0, value);
        return (int) call(54, fd, level, option, word.address(), 4, 0);
    }

    /// Waits until a descriptor is ready ([poll(2)](https://man7.org/linux/man-pages/man2/poll.2.html)).
    ///
    /// @param events [Socket#POLLIN] or [Socket#POLLOUT]
    /// @param other a second descriptor to wait for with POLLIN, or -1
    /// @return 0 at the timeout; bit 0 for the first, bit 1 for the second descriptor
    public int poll(int fd, int events, int other, int timeoutMillis) {
        word.set(JAVA_INT, 0, fd);
        word.set(JAVA_INT, 4, events);
        word.set(JAVA_INT, 8, other);
        word.set(JAVA_INT, 12, Socket.POLLIN);
        int result = (int) call(7, word.address(), other >= 0 ? 2 : 1, timeoutMillis);
        if (result <= 0) {
            return result;
        }
        int first = word.get(JAVA_INT, 4) >>> 16 != 0 ? 1 : 0;
        int second = other >= 0 && word.get(JAVA_INT, 12) >>> 16 != 0 ? 2 : 0;
        return first | second;
    }

    /// The calling thread's kernel id.
    public int threadId() {
        return (int) call(186, 0, 0, 0);
    }

    /// Sets the nice value of one thread
    /// ([setpriority(2)](https://man7.org/linux/man-pages/man2/setpriority.2.html)).
    public int setThreadNice(int threadId, int nice) {
        return (int) call(141, 0, threadId, nice);
    }
}
