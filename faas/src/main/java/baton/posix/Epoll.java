package baton.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An epoll set with room for one batch of events
/// ([epoll(7)](https://man7.org/linux/man-pages/man7/epoll.7.html)). It is used by one thread at a time; the
/// thread brings its own [Syscalls].
public final class Epoll implements AutoCloseable {
    public static final int IN = 1;
    public static final int OUT = 4;
    public static final int ERROR = 8;
    public static final int HANGUP = 16;
    public static final int READ_HANGUP = 0x2000;
    public static final int EDGE = 1 << 31;

    /// Size of `struct epoll_event`, which is packed on x86-64.
    public static final int EVENT_BYTES = 12;

    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MODIFY = 3;

    private final Arena arena = Arena.ofShared();
    private final int fd;
    private final int limit;
    private final MemorySegment events;

    private Epoll(int fd, int limit) {
        this.fd = fd;
        this.limit = limit;
        this.events = arena.allocate((long) EVENT_BYTES * limit, 8);
    }

    /// @param limit events in one batch
    public static Epoll open(int limit) throws IOException {
        return new Epoll(Errno.check(Syscalls.ofThread().epollCreate(), "epoll_create1"), limit);
    }

    /// Watches a descriptor; bytes that wait already are reported too.
    ///
    /// @param data comes back with its events
    /// @return 0 or `-errno`
    public int add(Syscalls syscalls, int descriptor, int interest, long data) {
        return syscalls.epollControl(fd, ADD, descriptor, interest, data);
    }

    public int modify(Syscalls syscalls, int descriptor, int interest, long data) {
        return syscalls.epollControl(fd, MODIFY, descriptor, interest, data);
    }

    /// Forgets a descriptor. Needed before it is handed on: closing our copy does not remove it while
    /// another process holds the same open file description.
    public int remove(Syscalls syscalls, int descriptor) {
        return syscalls.epollControl(fd, DELETE, descriptor, 0, 0);
    }

    /// Waits for events.
    ///
    /// @return how many there are, or 0 at the timeout
    public int await(Syscalls syscalls, int timeoutMillis) {
        return Math.max(0, syscalls.epollWait(fd, events.address(), limit, timeoutMillis));
    }

    /// Event bits of the i-th event of the batch.
    public int eventsAt(int i) {
        return events.get(JAVA_INT.withByteAlignment(1), (long) EVENT_BYTES * i);
    }

    /// Data of the i-th event of the batch.
    public long dataAt(int i) {
        return events.get(JAVA_LONG_UNALIGNED, (long) EVENT_BYTES * i + 4);
    }

    @Override
    public void close() {
        Syscalls.ofThread().close(fd);
        arena.close();
    }
}
