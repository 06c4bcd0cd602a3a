package baton.posix;

/// The one owner of a file descriptor. It closes it once, unless it gives it away by [#release].
public final class Descriptor implements AutoCloseable {
    private int number;

    public Descriptor(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("not a descriptor: " + number);
        }
        this.number = number;
    }

    /// @throws IllegalStateException when it was closed or given away
    public synchronized int number() {
        if (number < 0) {
            throw new IllegalStateException("descriptor is closed or was given away");
        }
        return number;
    }

    /// Gives the descriptor to the caller, who closes it from now on.
    public synchronized int release() {
        int given = number();
        number = -1;
        return given;
    }

    /// Ends both directions of a socket, so that a thread which waits on it wakes up; harmless once it is
    /// closed.
    public synchronized void shutDown() {
        if (number >= 0) {
            Syscalls.ofThread().shutdown(number, Socket.SHUT_RDWR);
        }
    }

    @Override
    public synchronized void close() {
        if (number >= 0) {
            Syscalls.ofThread().close(number);
            number = -1;
        }
    }
}
