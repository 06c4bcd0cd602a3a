package baton.engine.wasi;

import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Instant;

/// The clocks of WASI preview 1: real time, monotonic time, and the CPU time of the invocation, which counts
/// from the guest's first question about it. Owned by the runner's thread.
final class Clocks {
    static final int REALTIME = 0;
    static final int MONOTONIC = 1;
    static final int PROCESS_CPU = 2;
    static final int THREAD_CPU = 3;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long RESOLUTION_NANOS = 1;

    private static final long UNKNOWN = -1;

    private final Clock system = Clock.systemUTC();
    private long cpuBegin = UNKNOWN;

    void begin() {
        cpuBegin = UNKNOWN;
    }

    static boolean exists(int clock) {
        return clock >= REALTIME && clock <= THREAD_CPU;
    }

    int resolution(GuestMemory memory, int clock, int result) {
        if (!exists(clock)) {
            return Errno.INVAL;
        }
        memory.putLong(result, RESOLUTION_NANOS);
        return Errno.SUCCESS;
    }

    int time(GuestMemory memory, int clock, int result) {
        if (!exists(clock)) {
            return Errno.INVAL;
        }
        memory.putLong(result, now(clock));
        return Errno.SUCCESS;
    }

    /// Nanoseconds of a clock that exists.
    long now(int clock) {
        return switch (clock) {
            case REALTIME -> {
                Instant now = system.instant();
                yield now.getEpochSecond() * SECOND_NANOS + now.getNano();
            }
            case MONOTONIC -> System.nanoTime();
            default -> cpuTime();
        };
    }

    private long cpuTime() {
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        if (cpuBegin == UNKNOWN) {
            cpuBegin = cpu;
        }
        return cpu - cpuBegin;
    }
}
