package baton.engine.wasi;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// WASI preview 1 for one runner: takes a call's raw parameters and answers with an errno. Owned by the
/// runner's thread; [#begin] makes it fresh for each invocation.
///
/// There is no filesystem: no directory is preopened, so every `path_*` function is refused.
public final class Wasi {
    /// Returned instead of an errno when the guest must not go on; [#stop] says why.
    public static final int STOPPED = -1;

    private static final int RANDOM_CHUNK_BYTES = 4096;

    private final GuestMemory memory;
    private final Descriptors descriptors;
    private final Clocks clocks = new Clocks();
    private final Polling polling;
    private final Environment environment = new Environment();
    private final byte[] randomChunk = new byte[RANDOM_CHUNK_BYTES];
    private @Nullable SecureRandom random;
    private @Nullable WasiContext context;
    private boolean environmentFilled;
    private Stop stop = Stop.NONE;

    /// @param memory of whatever instance the runner runs
    /// @param beforeBlocking called before a host function blocks the thread
    public Wasi(GuestMemory memory, Runnable beforeBlocking) {
        this.memory = memory;
        this.descriptors = new Descriptors(memory);
        this.polling = new Polling(memory, descriptors, clocks, beforeBlocking);
    }

    /// Begins an invocation.
    public void begin(WasiContext invocation) {
        context = invocation;
        invocation.stderrLength = 0;
        invocation.stderrDropped = 0;
        invocation.exitCode = 0;
        invocation.failure = null;
        stop = Stop.NONE;
        environmentFilled = false;
        descriptors.begin(invocation);
        clocks.begin();
    }

    public Stop stop() {
        return stop;
    }

    /// Notes that the invocation must end, for reasons that the engine knows of.
    public void stop(Stop reason) {
        if (stop == Stop.NONE) {
            stop = reason;
        }
    }

    /// Notes that a host function failed in an unforeseen way.
    public void fail(Throwable failure) {
        invocation().failure = failure.toString();
        stop(Stop.HOST_FAILURE);
    }

    /// Carries out a call. Throws nothing that the guest can provoke.
    ///
    /// @param p the parameters, i32 in the low half
    /// @return an errno, or [#STOPPED]
    public int call(Preview1 function, long[] p) {
        try {
            return switch (function) {
                case FD_WRITE -> stopping(descriptors.write((int) p[0], (int) p[1], (int) p[2], (int) p[3]));
                case FD_READ -> descriptors.read((int) p[0], (int) p[1], (int) p[2], (int) p[3]);
                case FD_FDSTAT_GET -> descriptors.fdstat((int) p[0], (int) p[1]);
                case FD_FDSTAT_SET_FLAGS -> descriptors.setFlags((int) p[0], (int) p[1]);
                case FD_FDSTAT_SET_RIGHTS -> descriptors.setRights((int) p[0], p[1], p[2]);
                case FD_FILESTAT_GET -> descriptors.filestat((int) p[0], (int) p[1]);
                case FD_CLOSE -> descriptors.close((int) p[0]);
                case FD_RENUMBER -> descriptors.renumber((int) p[0], (int) p[1]);
                case FD_SEEK, FD_TELL, FD_PREAD, FD_PWRITE -> descriptors.refuse((int) p[0], Errno.SPIPE);
                case FD_ADVISE, FD_ALLOCATE, FD_FILESTAT_SET_TIMES -> descriptors.refuse((int) p[0], Errno.NOTCAPABLE);
                case FD_DATASYNC, FD_SYNC, FD_FILESTAT_SET_SIZE -> descriptors.refuse((int) p[0], Errno.INVAL);
                case FD_PRESTAT_GET, FD_PRESTAT_DIR_NAME -> Errno.BADF;
                case PATH_SYMLINK -> descriptors.refuse((int) p[2], Errno.NOTDIR);
                case FD_READDIR,
                        PATH_CREATE_DIRECTORY,
                        PATH_FILESTAT_GET,
                        PATH_FILESTAT_SET_TIMES,
                        PATH_LINK,
                        PATH_OPEN,
                        PATH_READLINK,
                        PATH_REMOVE_DIRECTORY,
                        PATH_RENAME,
                        PATH_UNLINK_FILE -> descriptors.refuse((int) p[0], Errno.NOTDIR);
                case SOCK_ACCEPT, SOCK_RECV, SOCK_SEND, SOCK_SHUTDOWN -> descriptors.refuse((int) p[0], Errno.NOTSOCK);
                case ENVIRON_SIZES_GET -> environmentSizes((int) p[0], (int) p[1]);
                case ENVIRON_GET -> environment((int) p[0], (int) p[1]);
                case ARGS_SIZES_GET -> argumentSizes((int) p[0], (int) p[1]);
                case ARGS_GET -> arguments((int) p[0], (int) p[1]);
                case CLOCK_RES_GET -> clocks.resolution(memory, (int) p[0], (int) p[1]);
                case CLOCK_TIME_GET -> clocks.time(memory, (int) p[0], (int) p[2]);
                case RANDOM_GET -> random((int) p[0], (int) p[1]);
                case POLL_ONEOFF ->
                    stopping(polling.poll((int) p[0], (int) p[1], (int) p[2], (int) p[3], invocation().deadlineNanos));
                case SCHED_YIELD -> Errno.SUCCESS;
                case PROC_RAISE -> Errno.NOTSUP;
                case PROC_EXIT -> exit((int) p[0]);
            };
        } catch (GuestFault _) {
            return Errno.FAULT;
        }
    }

    private WasiContext invocation() {
        return Objects.requireNonNull(context, "no invocation has begun");
    }

    /// Turns the codes below zero of the parts into a stop.
    private int stopping(int result) {
        if (result >= 0) {
            return result;
        }
        stop(result == Descriptors.OVER_LIMIT ? Stop.OUTPUT : Stop.DEADLINE);
        return STOPPED;
    }

    private int exit(int code) {
        invocation().exitCode = code;
        stop(Stop.EXIT);
        return STOPPED;
    }

    private Environment filledEnvironment() {
        if (!environmentFilled) {
            environment.clear();
            invocation().environment.fill(environment);
            environmentFilled = true;
        }
        return environment;
    }

    private int environmentSizes(int count, int size) {
        Environment filled = filledEnvironment();
        memory.putInt(count, filled.count());
        memory.putInt(size, filled.length());
        return Errno.SUCCESS;
    }

    private int environment(int pointers, int bytes) {
        Environment filled = filledEnvironment();
        return strings(filled.bytes(), filled.length(), filled.count(), pointers, bytes);
    }

    private byte[] argumentBytes() {
        StringBuilder joined = new StringBuilder(invocation().argument).append('\0');
        for (String more : invocation().moreArguments) {
            joined.append(more).append('\0');
        }
        return joined.toString().getBytes(StandardCharsets.UTF_8);
    }

    private int argumentSizes(int count, int size) {
        memory.putInt(count, 1 + invocation().moreArguments.size());
        memory.putInt(size, argumentBytes().length);
        return Errno.SUCCESS;
    }

    private int arguments(int pointers, int bytes) {
        byte[] joined = argumentBytes();
        return strings(joined, joined.length, 1 + invocation().moreArguments.size(), pointers, bytes);
    }

    /// Writes NUL-ended strings and an array of pointers to them.
    private int strings(byte[] source, int length, int count, int pointers, int bytes) {
        memory.require(pointers, 4L * count);
        memory.write(bytes, source, 0, length);
        int at = 0;
        for (int i = 0; i < count; i++) {
            memory.putInt(pointers + 4 * i, bytes + at);
            while (source[at++] != 0) {
                // to the end of this string
            }
        }
        return Errno.SUCCESS;
    }

    private int random(int address, int length) {
        long left = Integer.toUnsignedLong(length);
        memory.require(address, left);
        if (random == null) {
            random = new SecureRandom();
        }
        int at = address;
        while (left > 0) {
            if (System.nanoTime() - invocation().deadlineNanos >= 0) {
                stop(Stop.DEADLINE);
                return STOPPED;
            }
            int now = (int) Math.min(left, RANDOM_CHUNK_BYTES);
            byte[] chunk = now == RANDOM_CHUNK_BYTES ? randomChunk : new byte[now];
            random.nextBytes(chunk);
            memory.write(at, chunk, 0, now);
            at += now;
            left -= now;
        }
        return Errno.SUCCESS;
    }
}
