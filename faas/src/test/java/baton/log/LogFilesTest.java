package baton.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFilesTest {
    @TempDir
    Path directory;

    @Test
    void appendsToWhatIsThere() throws IOException {
        Path file = Files.writeString(directory.resolve("a.log"), "old\n");

        try (LogFile log = new LogFile(file, 1000, 2)) {
            assertThat(log.append("new")).isTrue();
        }

        assertThat(file).hasContent("old\nnew\n");
    }

    @Test
    void rotatesWholeLinesAndKeepsSoManyFiles() throws IOException {
        Path file = directory.resolve("a.log");
        try (LogFile log = new LogFile(file, 10, 3)) {
            for (int number = 0; number < 9; number++) {
                log.append("line" + number);
            }
        }

        assertThat(file).hasContent("line8\n");
        assertThat(directory.resolve("a.log.1")).hasContent("line7\n");
        assertThat(directory.resolve("a.log.2")).hasContent("line6\n");
        assertThat(directory.resolve("a.log.3")).doesNotExist();
    }

    @Test
    void dropsLinesWhileItCannotWriteAndReportsThemWhenItCan() throws IOException {
        Path blocked = directory.resolve("logs");
        Files.writeString(blocked, "a file where the directory belongs");
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        LogFile file = new LogFile(blocked.resolve("baton.log"), 1 << 20, 2);

        try (GatewayLog log = log(file, screen)) {
            log.info(LogEvent.PLATFORM_STARTED);
            log.info(LogEvent.WORKER_STARTED);
            Files.delete(blocked);
            log.info(LogEvent.WORKER_READY, "pid", 1);
        }

        List<String> lines = Files.readAllLines(blocked.resolve("baton.log"));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("worker_ready");
        assertThat(lines.get(1)).contains("log_lines_dropped").contains("\"count\":2");
        assertThat(screen.toString(StandardCharsets.UTF_8)).contains("platform_started", "worker_started");
    }

    @Test
    void dropsLinesOnAFullDisk() {
        LogFile full = new LogFile(Path.of("/dev/full"), 1 << 20, 2);

        assertThat(full.append("x")).isFalse();
        assertThat(full.append("y")).isFalse();
        assertThat(full.takeDropped()).isGreaterThanOrEqualTo(2);
        assertThat(full.takeDropped()).isZero();
        full.close();
    }

    @Test
    void writesItsOwnLinesAndThoseOfWorkersFromTheMinimumOn() throws IOException {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        Path file = directory.resolve("baton.log");
        try (GatewayLog log = log(new LogFile(file, 1 << 20, 2), screen)) {
            log.debug(LogEvent.MODULE_LOADED);
            log.event(Log.Level.WARN, LogEvent.HANDOFF_FAILED, "a-1", "worker", "shared/0");
            log.relay(LogLine.of(1, Log.Level.ERROR, LogEvent.INTERNAL_ERROR, "shared/1", "a-2", "cause", "x y"));
            log.relay(LogLine.of(1, Log.Level.DEBUG, LogEvent.MODULE_LOADED, "shared/1", ""));
        }

        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(screen.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .endsWith("WARN  gateway       handoff_failed invocation=a-1 worker=shared/0"),
                        second -> assertThat(second)
                                .endsWith("ERROR shared/1      internal_error invocation=a-2 cause=\"x y\""));
    }

    @Test
    void keepsLinesWholeWhenManyThreadsWrite() throws Exception {
        Path file = directory.resolve("a.log");
        CountDownLatch start = new CountDownLatch(1);
        try (LogFile log = new LogFile(file, 1 << 20, 2);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < 8; thread++) {
                String line = Integer.toString(thread).repeat(100);
                threads.submit(() -> {
                    start.await();
                    for (int count = 0; count < 50; count++) {
                        log.append(line);
                    }
                    return null;
                });
            }
            start.countDown();
        }

        assertThat(Files.readAllLines(file)).hasSize(400).allMatch(line -> line.matches("(\\d)\\1{99}"));
    }

    @Test
    void keepsTheLinesOfEachFunction() throws IOException {
        try (FunctionLogs logs = new FunctionLogs(directory)) {
            long dropped = logs.append("hello", 0, "hello_1", "shared/0", "a-1", "one\ntwo\u001b[31m\tx\n");
            logs.append("other", 0, "other_1", "shared/1", "", "three");

            assertThat(dropped).isZero();
            assertThat(logs.file("hello"))
                    .hasContent("1970-01-01T00:00:00Z hello_1 shared/0 a-1 one\n"
                            + "1970-01-01T00:00:00Z hello_1 shared/0 a-1 two\\x1b[31m\tx\n");
            assertThat(logs.file("other")).hasContent("1970-01-01T00:00:00Z other_1 shared/1 - three\n");
        }
    }

    @Test
    void writesForMoreFunctionsThanItHoldsOpen() throws IOException {
        int functions = FunctionLogs.MAX_OPEN_FILES * 2;
        try (FunctionLogs logs = new FunctionLogs(directory)) {
            for (int round = 0; round < 2; round++) {
                for (int number = 0; number < functions; number++) {
                    logs.append("f" + number, 0, "f_1", "shared/0", "a", "line");
                }
            }
            assertThat(openFiles()).isLessThanOrEqualTo(FunctionLogs.MAX_OPEN_FILES);
            assertThat(Files.readAllLines(logs.file("f0"))).hasSize(2);
        }
        assertThat(openFiles()).isZero();
    }

    @Test
    void cutsEndlessLines() throws IOException {
        try (FunctionLogs logs = new FunctionLogs(directory)) {
            logs.append("hello", 0, "hello_1", "shared/0", "a", "x".repeat(FunctionLogs.MAX_LINE_CHARS + 1));

            assertThat(Files.readString(logs.file("hello"))).endsWith("x…\n");
        }
    }

    @Test
    void deletesWhatAFunctionLeft() throws IOException {
        try (FunctionLogs logs = new FunctionLogs(directory)) {
            logs.append("hello", 0, "hello_1", "shared/0", "a", "line");

            logs.delete("hello");

            assertThat(logs.file("hello")).doesNotExist();
        }
    }

    @Test
    void refusesNamesThatLeadElsewhere() {
        try (FunctionLogs logs = new FunctionLogs(directory)) {
            assertThatThrownBy(() -> logs.file("../baton")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private long openFiles() throws IOException {
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            long count = 0;
            for (Path descriptor : descriptors) {
                boolean alive = Files.isSymbolicLink(descriptor);
                count += alive && Files.readSymbolicLink(descriptor).startsWith(directory) ? 1 : 0;
            }
            return count;
        }
    }

    private static GatewayLog log(LogFile file, ByteArrayOutputStream screen) {
        InstantSource clock = InstantSource.fixed(Instant.EPOCH);
        PrintStream terminal = new PrintStream(screen, true, StandardCharsets.UTF_8);
        return new GatewayLog("gateway", file, terminal, Log.Level.INFO, clock);
    }
}
