package baton.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;

/// A child process that inherits the descriptors it is given and no others, watched through a pidfd, so that
/// its number can never be mistaken for that of a later process.
///
/// It is started by [posix_spawn(3)](https://man7.org/linux/man-pages/man3/posix_spawn.3.html), because
/// [ProcessBuilder] cannot pass descriptors above 2, in a process group of its own, so that a Ctrl-C at the
/// terminal reaches only the platform, which then ends its children in order.
public final class ChildProcess implements AutoCloseable {
    private static final int ACTIONS_BYTES = 256;
    private static final int ATTRIBUTES_BYTES = 512;
    private static final short POSIX_SPAWN_SETPGROUP = 2;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int ABOVE_INHERITED = 200;
    private static final int FIRST_INHERITED = 3;
    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int CLD_EXITED = 1;
    private static final int SIGINFO_BYTES = 128;

    private final int pid;
    private final Descriptor pidDescriptor;

    private ChildProcess(int pid, Descriptor pidDescriptor) {
        this.pid = pid;
        this.pidDescriptor = pidDescriptor;
    }

    /// What a child begins with.
    ///
    /// @param command the program's absolute path and its arguments
    /// @param environment all of its environment
    /// @param output where stdout and stderr go; stdin is `/dev/null`
    /// @param inherited become descriptors 3, 4, … of the child; the caller still owns its copies
    public record Start(
            List<String> command, Map<String, String> environment, Descriptor output, List<Descriptor> inherited) {
        public Start {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            inherited = List.copyOf(inherited);
        }
    }

    /// Starts a child.
    ///
    /// @throws IOException when the program cannot be started; the message says why
    public static ChildProcess start(Start start) throws IOException {
        Syscalls syscalls = Syscalls.ofThread();
        try (Arena arena = Arena.ofConfined()) {
            // Copies far above the numbers that the child uses, so that no dup2 overwrites the source of a
            // later one.
            int[] sources = new int[start.inherited.size() + 1];
            sources[0] = copyHigh(syscalls, start.output.number());
            for (int i = 0; i < start.inherited.size(); i++) {
                sources[i + 1] = copyHigh(syscalls, start.inherited.get(i).number());
            }
            try {
                return spawn(syscalls, arena, start, sources);
            } finally {
                for (int source : sources) {
                    syscalls.close(source);
                }
            }
        }
    }

    private static ChildProcess spawn(Syscalls syscalls, Arena arena, Start start, int[] sources) throws IOException {
        Spawn spawn = new Spawn();
        long actions = arena.allocate(ACTIONS_BYTES, 16).address();
        long attributes = arena.allocate(ATTRIBUTES_BYTES, 16).address();
        spawn.call("posix_spawn_file_actions_init", actions, 0, 0, 0, 0, 0);
        spawn.call("posix_spawnattr_init", attributes, 0, 0, 0, 0, 0);
        try {
            MemorySegment nothing = arena.allocateFrom("/dev/null");
            spawn.call("posix_spawn_file_actions_addopen", actions, 0, nothing.address(), 0, 0, 0);
            spawn.call("posix_spawn_file_actions_adddup2", actions, sources[0], 1, 0, 0, 0);
            spawn.call("posix_spawn_file_actions_adddup2", actions, sources[0], 2, 0, 0, 0);
            for (int i = 1; i < sources.length; i++) {
                int number = FIRST_INHERITED + i - 1;
                spawn.call("posix_spawn_file_actions_adddup2", actions, sources[i], number, 0, 0, 0);
            }
            int firstClosed = FIRST_INHERITED + sources.length - 1;
            spawn.call("posix_spawn_file_actions_addclosefrom_np", actions, firstClosed, 0, 0, 0, 0);
            spawn.call("posix_spawnattr_setflags", attributes, POSIX_SPAWN_SETPGROUP, 0, 0, 0, 0);
            MemorySegment pid = arena.allocate(8, 8);
            MemorySegment path = arena.allocateFrom(start.command.getFirst());
            List<String> variables = start.environment.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .toList();
            spawn.call(
                    "posix_spawn",
                    pid.address(),
                    path.address(),
                    actions,
                    attributes,
                    strings(arena, start.command).address(),
                    strings(arena, variables).address());
            int number = pid.get(JAVA_INT, 0);
            int descriptor = Errno.check(syscalls.call(434, number, 0, 0), "pidfd_open " + number);
            return new ChildProcess(number, new Descriptor(descriptor));
        } finally {
            spawn.call("posix_spawn_file_actions_destroy", actions, 0, 0, 0, 0, 0);
            spawn.call("posix_spawnattr_destroy", attributes, 0, 0, 0, 0, 0);
        }
    }

    private static int copyHigh(Syscalls syscalls, int fd) throws IOException {
        return Errno.check(syscalls.call(72, fd, F_DUPFD_CLOEXEC, ABOVE_INHERITED), "fcntl(F_DUPFD_CLOEXEC)");
    }

    private static MemorySegment strings(Arena arena, List<String> values) {
        MemorySegment array = arena.allocate(ADDRESS, values.size() + 1L);
        for (int i = 0; i < values.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(values.get(i)));
        }
        return array;
    }

    public int pid() {
        return pid;
    }

    /// Becomes readable when the process ends.
    public int pidDescriptor() {
        return pidDescriptor.number();
    }

    /// Sends a signal, such as 15 (SIGTERM) or 9 (SIGKILL). Does nothing when the process has ended.
    public void signal(int signal) {
        Syscalls.ofThread().call(424, pidDescriptor.number(), signal, 0);
    }

    /// Collects the process when it has ended.
    ///
    /// @return -1 while it runs; its exit code; or 128 + the signal that ended it
    public int reap() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SIGINFO_BYTES, 8);
            long result = Syscalls.ofThread()
                    .call(247, P_PIDFD, pidDescriptor.number(), info.address(), WEXITED | WNOHANG, 0, 0);
            if (result < 0) {
                return 128;
            }
            if (info.get(JAVA_INT, 0) == 0) {
                return -1;
            }
            int status = info.get(JAVA_INT, 24);
            return info.get(JAVA_INT, 8) == CLD_EXITED ? status : 128 + status;
        }
    }

    /// Waits for the end of the process.
    ///
    /// @return whether it ended in time; then [#reap] tells how
    public boolean await(int timeoutMillis) {
        return Syscalls.ofThread().poll(pidDescriptor.number(), Socket.POLLIN, -1, timeoutMillis) > 0;
    }

    @Override
    public void close() {
        pidDescriptor.close();
    }

    /// libc's spawn functions, all called through one shape: on x86-64 a callee ignores arguments it does
    /// not take.
    private static final class Spawn {
        private final Linker linker = Linker.nativeLinker();

        @SuppressWarnings("restricted")
        void call(String name, long a, long b, long c, long d, long e, long f) throws IOException {
            MethodHandle handle = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow(name),
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
            int result;
            try {
                result = (int) handle.invokeExact(a, b, c, d, e, f);
            } catch (Throwable t) {
                throw new AssertionError(name, t);
            }
            if (result != 0) {
                throw new IOException(name + ": " + Errno.describe(result));
            }
        }
    }
}
