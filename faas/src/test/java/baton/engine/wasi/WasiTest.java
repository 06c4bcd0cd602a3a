package baton.engine.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import baton.posix.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Calls the functions as a guest does, with addresses in its memory.
final class WasiTest {
    private static final int SIZE = 65_536;
    private static final int IN = 1024;
    private static final int OUT = 4096;
    private static final int RESULT = 512;
    private static final int BEYOND = SIZE - 2;

    private final ArrayGuestMemory memory = new ArrayGuestMemory(SIZE);
    private final AtomicInteger announced = new AtomicInteger();
    private final Wasi wasi = new Wasi(memory, announced::incrementAndGet);
    private final WasiContext context = new WasiContext(new NativeBuffer(64, 1 << 20));

    @BeforeEach
    void begin() {
        context.stdin = "0123456789".getBytes(StandardCharsets.US_ASCII);
        context.stdinLength = 10;
        context.deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        wasi.begin(context);
    }

    @AfterEach
    void free() {
        context.stdout.close();
    }

    private int call(Preview1 function, long... parameters) {
        long[] all = new long[Preview1.MAX_PARAMETERS];
        System.arraycopy(parameters, 0, all, 0, parameters.length);
        return wasi.call(function, all);
    }

    /// Puts iovecs of these lengths at IN, pointing into OUT one after another.
    private void vectors(int... lengths) {
        int at = OUT;
        for (int i = 0; i < lengths.length; i++) {
            memory.putInt(IN + 8 * i, at);
            memory.putInt(IN + 8 * i + 4, lengths[i]);
            at += lengths[i];
        }
    }

    /// Puts a clock subscription at IN + 48 * index.
    private void clock(int index, int clock, long timeout, boolean absolute) {
        int at = IN + 48 * index;
        memory.putLong(at, 100 + index);
        memory.putLong(at + 8, 0);
        memory.putLong(at + 16, clock);
        memory.putLong(at + 24, timeout);
        memory.putLong(at + 32, 0);
        memory.putLong(at + 40, absolute ? 1 : 0);
    }

    private void stream(int index, int type, int fd) {
        int at = IN + 48 * index;
        memory.putLong(at, 100 + index);
        memory.putLong(at + 8, type);
        memory.putLong(at + 16, fd);
    }

    private int event(int index, int offset) {
        return memory.getInt(OUT + 32 * index + offset);
    }

    @Test
    void readsIntoSeveralBuffersAndThenNothing() {
        vectors(4, 3, 100);
        assertThat(call(Preview1.FD_READ, 0, IN, 3, RESULT)).isZero();
        assertThat(memory.getInt(RESULT)).isEqualTo(10);
        byte[] got = new byte[10];
        memory.read(OUT, got, 0, 10);
        assertThat(got).asString().isEqualTo("0123456789");
        assertThat(call(Preview1.FD_READ, 0, IN, 3, RESULT)).isZero();
        assertThat(memory.getInt(RESULT)).isZero();
    }

    @Test
    void refusesToReadOutputAndToWriteInput() {
        vectors(1);
        assertThat(call(Preview1.FD_READ, 1, IN, 1, RESULT)).isEqualTo(Errno.BADF);
        assertThat(call(Preview1.FD_WRITE, 0, IN, 1, RESULT)).isEqualTo(Errno.BADF);
        assertThat(call(Preview1.FD_WRITE, 3, IN, 1, RESULT)).isEqualTo(Errno.BADF);
        assertThat(call(Preview1.FD_WRITE, -1, IN, 1, RESULT)).isEqualTo(Errno.BADF);
    }

    @Test
    void answersFaultForPointersBeyondMemory() {
        vectors(1);
        assertThat(call(Preview1.FD_WRITE, 1, BEYOND, 1, RESULT)).isEqualTo(Errno.FAULT);
        assertThat(call(Preview1.FD_WRITE, 1, IN, 1, BEYOND)).isEqualTo(Errno.FAULT);
        assertThat(call(Preview1.FD_WRITE, 1, IN, 0xffff_ffffL, RESULT)).isEqualTo(Errno.FAULT);
        memory.putInt(IN, -16);
        memory.putInt(IN + 4, 64);
        assertThat(call(Preview1.FD_WRITE, 1, IN, 1, RESULT)).isEqualTo(Errno.FAULT);
        assertThat(call(Preview1.RANDOM_GET, 16, 0xffff_ffffL)).isEqualTo(Errno.FAULT);
        assertThat(call(Preview1.CLOCK_TIME_GET, 0, 0, BEYOND)).isEqualTo(Errno.FAULT);
        assertThat(call(Preview1.ENVIRON_SIZES_GET, BEYOND, IN)).isEqualTo(Errno.FAULT);
        assertThat(call(Preview1.ARGS_GET, IN, BEYOND)).isEqualTo(Errno.FAULT);
        assertThat(call(Preview1.FD_FDSTAT_GET, 1, BEYOND)).isEqualTo(Errno.FAULT);
        assertThat(call(Preview1.FD_FILESTAT_GET, 1, BEYOND)).isEqualTo(Errno.FAULT);
        assertThat(call(Preview1.POLL_ONEOFF, BEYOND, OUT, 1, RESULT)).isEqualTo(Errno.FAULT);
        assertThat(context.stdout.length()).isZero();
        assertThat(wasi.stop()).isEqualTo(Stop.NONE);
    }

    @Test
    void stopsAtTheOutputLimitAndNotBefore() {
        context.outputBytes = 10;
        vectors(10);
        assertThat(call(Preview1.FD_WRITE, 1, IN, 1, RESULT)).isZero();
        vectors(1);
        assertThat(call(Preview1.FD_WRITE, 1, IN, 1, RESULT)).isEqualTo(Wasi.STOPPED);
        assertThat(wasi.stop()).isEqualTo(Stop.OUTPUT);
        assertThat(context.stdout.length()).isEqualTo(10);
    }

    @Test
    void closesDescriptorsForOneInvocationOnly() {
        assertThat(call(Preview1.FD_CLOSE, 1)).isZero();
        vectors(1);
        assertThat(call(Preview1.FD_WRITE, 1, IN, 1, RESULT)).isEqualTo(Errno.BADF);
        assertThat(call(Preview1.FD_CLOSE, 1)).isEqualTo(Errno.BADF);
        assertThat(call(Preview1.FD_FDSTAT_GET, 1, OUT)).isEqualTo(Errno.BADF);
        wasi.begin(context);
        assertThat(call(Preview1.FD_WRITE, 1, IN, 1, RESULT)).isZero();
    }

    @Test
    void renumbersOneStreamOverAnother() {
        assertThat(call(Preview1.FD_RENUMBER, 2, 1)).isZero();
        vectors(5);
        assertThat(call(Preview1.FD_WRITE, 1, IN, 1, RESULT)).isZero();
        assertThat(context.stderrLength).isEqualTo(5);
        assertThat(context.stdout.length()).isZero();
        assertThat(call(Preview1.FD_WRITE, 2, IN, 1, RESULT)).isEqualTo(Errno.BADF);
        assertThat(call(Preview1.FD_RENUMBER, 1, 7)).isEqualTo(Errno.BADF);
    }

    @Test
    void givesUpRightsButNeverGains() {
        assertThat(call(Preview1.FD_FDSTAT_GET, 1, OUT)).isZero();
        long rights = memory.getLong(OUT + 8);
        assertThat(call(Preview1.FD_FDSTAT_SET_RIGHTS, 1, rights | 1, 0)).isEqualTo(Errno.NOTCAPABLE);
        assertThat(call(Preview1.FD_FDSTAT_SET_RIGHTS, 1, 0, 0)).isZero();
        vectors(1);
        assertThat(call(Preview1.FD_WRITE, 1, IN, 1, RESULT)).isEqualTo(Errno.NOTCAPABLE);
    }

    @Test
    void remembersDescriptorFlags() {
        assertThat(call(Preview1.FD_FDSTAT_SET_FLAGS, 0, 4)).isZero();
        assertThat(call(Preview1.FD_FDSTAT_GET, 0, OUT)).isZero();
        assertThat(memory.getShort(OUT + 2)).isEqualTo(4);
        assertThat(call(Preview1.FD_FDSTAT_SET_FLAGS, 0, 64)).isEqualTo(Errno.INVAL);
    }

    @Test
    void treatsStdioAsPipesWithoutPosition() {
        assertThat(call(Preview1.FD_SEEK, 0, 0, 0, RESULT)).isEqualTo(Errno.SPIPE);
        assertThat(call(Preview1.FD_TELL, 0, RESULT)).isEqualTo(Errno.SPIPE);
        assertThat(call(Preview1.FD_PREAD, 0, IN, 1, 0, RESULT)).isEqualTo(Errno.SPIPE);
        assertThat(call(Preview1.FD_PWRITE, 1, IN, 1, 0, RESULT)).isEqualTo(Errno.SPIPE);
        assertThat(call(Preview1.FD_READDIR, 0, IN, 1, 0, RESULT)).isEqualTo(Errno.NOTDIR);
        assertThat(call(Preview1.SOCK_SHUTDOWN, 1, 0)).isEqualTo(Errno.NOTSOCK);
        assertThat(call(Preview1.FD_SYNC, 1)).isEqualTo(Errno.INVAL);
    }

    @ParameterizedTest
    @EnumSource(
            value = Preview1.class,
            mode = EnumSource.Mode.MATCH_ANY,
            names = {"FD_.*", "PATH_.*", "SOCK_.*"})
    void answersBadDescriptorForEveryOther(Preview1 function) {
        assertThat(call(function, 5, 5, 5)).isEqualTo(Errno.BADF);
    }

    @Test
    void tellsTheArguments() {
        context.argument = "resize";
        context.moreArguments = List.of("ä", "");
        assertThat(call(Preview1.ARGS_SIZES_GET, RESULT, RESULT + 4)).isZero();
        assertThat(memory.getInt(RESULT)).isEqualTo(3);
        assertThat(memory.getInt(RESULT + 4)).isEqualTo(11);
        assertThat(call(Preview1.ARGS_GET, IN, OUT)).isZero();
        assertThat(memory.getInt(IN + 4)).isEqualTo(OUT + 7);
        assertThat(memory.getInt(IN + 8)).isEqualTo(OUT + 10);
    }

    @Test
    void knowsFourClocks() {
        for (int clock = 0; clock < 4; clock++) {
            assertThat(call(Preview1.CLOCK_RES_GET, clock, RESULT)).isZero();
            assertThat(memory.getLong(RESULT)).isPositive();
            assertThat(call(Preview1.CLOCK_TIME_GET, clock, 0, RESULT)).isZero();
        }
        assertThat(call(Preview1.CLOCK_TIME_GET, 4, 0, RESULT)).isEqualTo(Errno.INVAL);
        assertThat(call(Preview1.CLOCK_RES_GET, -1, RESULT)).isEqualTo(Errno.INVAL);
    }

    @Test
    void wakesForTheFirstOfSeveralClocks() {
        clock(0, Clocks.MONOTONIC, TimeUnit.SECONDS.toNanos(20), false);
        clock(1, Clocks.MONOTONIC, TimeUnit.MILLISECONDS.toNanos(2), false);
        clock(2, Clocks.REALTIME, Long.MAX_VALUE, true);
        assertThat(call(Preview1.POLL_ONEOFF, IN, OUT, 3, RESULT)).isZero();
        assertThat(memory.getInt(RESULT)).isEqualTo(1);
        assertThat(event(0, 0)).isEqualTo(101);
        assertThat(announced).hasValue(1);
    }

    @Test
    void wakesAtAnAbsoluteTime() {
        long now = System.currentTimeMillis() * 1_000_000;
        clock(0, Clocks.REALTIME, now + TimeUnit.MILLISECONDS.toNanos(2), true);
        assertThat(call(Preview1.POLL_ONEOFF, IN, OUT, 1, RESULT)).isZero();
        assertThat(memory.getInt(RESULT)).isEqualTo(1);
        assertThat(System.currentTimeMillis() * 1_000_000).isGreaterThanOrEqualTo(now + 1_000_000);
        clock(0, Clocks.MONOTONIC, 1, true);
        assertThat(call(Preview1.POLL_ONEOFF, IN, OUT, 1, RESULT)).isZero();
        assertThat(memory.getInt(RESULT)).isEqualTo(1);
    }

    @Test
    void findsStdioReadyWithoutWaiting() {
        clock(0, Clocks.MONOTONIC, TimeUnit.SECONDS.toNanos(20), false);
        stream(1, 1, 0);
        stream(2, 2, 1);
        stream(3, 2, 9);
        assertThat(call(Preview1.POLL_ONEOFF, IN, OUT, 4, RESULT)).isZero();
        assertThat(memory.getInt(RESULT)).isEqualTo(3);
        assertThat(List.of(event(0, 0), event(1, 0), event(2, 0))).containsExactly(101, 102, 103);
        assertThat(event(0, 8)).isEqualTo(1 << 16);
        assertThat(event(0, 16)).isEqualTo(10);
        assertThat(event(2, 8)).isEqualTo(Errno.BADF | 2 << 16);
        assertThat(announced).hasValue(0);
    }

    @Test
    void refusesToPollNothingOrTheUnknown() {
        assertThat(call(Preview1.POLL_ONEOFF, IN, OUT, 0, RESULT)).isEqualTo(Errno.INVAL);
        stream(0, 7, 0);
        assertThat(call(Preview1.POLL_ONEOFF, IN, OUT, 1, RESULT)).isEqualTo(Errno.INVAL);
        clock(0, 9, 1, false);
        assertThat(call(Preview1.POLL_ONEOFF, IN, OUT, 1, RESULT)).isZero();
        assertThat(event(0, 8)).isEqualTo(Errno.INVAL);
    }

    @Test
    void neverWaitsBeyondTheDeadline() {
        context.deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5);
        clock(0, Clocks.MONOTONIC, -1, false);
        assertThat(call(Preview1.POLL_ONEOFF, IN, OUT, 1, RESULT)).isEqualTo(Wasi.STOPPED);
        assertThat(wasi.stop()).isEqualTo(Stop.DEADLINE);
        assertThat(System.nanoTime() - context.deadlineNanos).isNotNegative();
    }

    @Test
    void leavesTheExitCodeBehind() {
        assertThat(call(Preview1.PROC_EXIT, 33)).isEqualTo(Wasi.STOPPED);
        assertThat(wasi.stop()).isEqualTo(Stop.EXIT);
        assertThat(context.exitCode).isEqualTo(33);
    }

    @Test
    void fillsLargeBuffersWithRandomNumbers() {
        assertThat(call(Preview1.RANDOM_GET, 0, SIZE)).isZero();
        byte[] all = new byte[SIZE];
        memory.read(0, all, 0, SIZE);
        int[] seen = new int[256];
        for (byte value : all) {
            seen[value & 0xff]++;
        }
        assertThat(Arrays.stream(seen).boxed()).allMatch(count -> count > 128 && count < 512);
        assertThat(call(Preview1.RANDOM_GET, 0, 0)).isZero();
    }
}
