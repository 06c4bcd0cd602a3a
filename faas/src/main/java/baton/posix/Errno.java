package baton.posix;

import java.io.IOException;
import java.util.Map;

/// Error numbers of Linux ([errno(3)](https://man7.org/linux/man-pages/man3/errno.3.html)) that Baton tells
/// apart.
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int ECHILD = 10;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EPIPE = 32;
    public static final int EMSGSIZE = 90;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ETOOMANYREFS = 109;
    public static final int ECONNREFUSED = 111;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(EPERM, "operation not permitted"),
            Map.entry(ENOENT, "no such file"),
            Map.entry(EAGAIN, "try again"),
            Map.entry(ENOMEM, "out of memory"),
            Map.entry(EACCES, "permission denied"),
            Map.entry(ENFILE, "too many open files in the system"),
            Map.entry(EMFILE, "too many open files"),
            Map.entry(EPIPE, "the other side is closed"),
            Map.entry(EMSGSIZE, "message too long"),
            Map.entry(EADDRINUSE, "address already in use"),
            Map.entry(EADDRNOTAVAIL, "address not available on this machine"),
            Map.entry(ECONNRESET, "connection reset"),
            Map.entry(ENOBUFS, "no buffer space"),
            Map.entry(ECONNREFUSED, "connection refused"));

    private Errno() {}

    /// What a number means, for messages: `address already in use (errno 98)`.
    public static String describe(int errno) {
        String name = NAMES.get(errno);
        return name == null ? "errno " + errno : name + " (errno " + errno + ")";
    }

    /// Passes a result on, or throws what went wrong.
    ///
    /// @param result of a [Syscalls] method: `-errno` on failure
    /// @param what was tried, such as `bind 127.0.0.1:8080`
    public static int check(long result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + ": " + describe((int) -result));
        }
        return (int) result;
    }
}
