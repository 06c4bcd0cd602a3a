package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Many requests of every kind leave the processes as they were.
class LeaksIT {
    private static final int CLIENTS = 4;
    private static final int ROUNDS = 400;
    private static final Duration BOUND = Duration.ofSeconds(30);

    /// Beyond what the allocator and the compiler of a virtual machine take while they warm up.
    private static final long RESIDENT_GROWTH_KIB = 96 << 10;

    private static final int THREAD_GROWTH = 4;

    /// What a process holds.
    private record Holding(int descriptors, int threads, long residentKib) {
        static Holding of(long pid) throws IOException {
            Path process = Path.of("/proc", Long.toString(pid));
            int threads = 0;
            long resident = 0;
            for (String line : Files.readAllLines(process.resolve("status"))) {
                String value = line.substring(line.indexOf(':') + 1).replaceAll("\\D", "");
                if (line.startsWith("Threads:")) {
                    threads = Integer.parseInt(value);
                } else if (line.startsWith("VmRSS:")) {
                    resident = Long.parseLong(value);
                }
            }
            try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
                return new Holding((int) descriptors.count(), threads, resident);
            }
        }
    }

    @Test
    void holdsNoMoreAfterTwentyThousandRequestsThanBefore() throws Exception {
        try (PlatformProcess platform = PlatformProcess.start().withCompiler()) {
            platform.deploy("hello", "c", "hello.c");
            platform.deploy("acts", "c", "acts.c", "max-output=512Ki");
            platform.deploy("hasty", "c", "acts.c", "timeout=100ms");
            platform.deploy("length", "c", "length.c");
            platform.deploy("js", "js", "acts.js");
            platform.deploy("page", "html", "hello.html");
            // Everything that is made once is made now.
            inParallel(platform, ROUNDS / 10);
            rest(platform);
            Map<Long, Holding> before = holdings(platform);

            inParallel(platform, ROUNDS);

            rest(platform);
            Await.untilAsserted(BOUND, () -> {
                Map<Long, Holding> after = holdings(platform);
                assertThat(after.keySet()).as("no process was replaced").isEqualTo(before.keySet());
                after.forEach((pid, now) -> {
                    Holding then = before.get(pid);
                    assertThat(now.descriptors()).as("descriptors of %d", pid).isEqualTo(then.descriptors());
                    assertThat(now.threads())
                            .as("threads of %d", pid)
                            .isLessThanOrEqualTo(then.threads() + THREAD_GROWTH);
                    assertThat(now.residentKib())
                            .as("resident KiB of %d", pid)
                            .isLessThanOrEqualTo(then.residentKib() + RESIDENT_GROWTH_KIB);
                });
            });
        }
    }

    private static void rest(PlatformProcess platform) {
        Await.untilAsserted(
                BOUND,
                () -> assertThat(platform.admin().get("/workers").text())
                        .doesNotContainPattern("\"connections\":[1-9]")
                        .doesNotContainPattern("\"inflight\":[1-9]"));
    }

    /// The gateway's and the workers'; language hosts come and go.
    private static Map<Long, Holding> holdings(PlatformProcess platform) throws IOException {
        Map<Long, Holding> holdings = new TreeMap<>();
        long gateway = platform.process().pid();
        holdings.put(gateway, Holding.of(gateway));
        for (var worker : platform.admin().get("/workers").json().getAsJsonArray("workers")) {
            long pid = worker.getAsJsonObject().get("pid").getAsLong();
            holdings.put(pid, Holding.of(pid));
        }
        return holdings;
    }

    private static void inParallel(PlatformProcess platform, int rounds) throws Exception {
        List<Thread> clients = new ArrayList<>();
        List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int round = 0; round < rounds; round++) {
                        round(platform, round);
                    }
                } catch (IOException | AssertionError e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
    }

    /// Thirteen requests or more: on a kept connection, on new ones, good and bad, some given up.
    private static void round(PlatformProcess platform, int round) throws IOException {
        try (RawConnection kept = platform.connect()) {
            expect(200, kept.get("/function/hello").read());
            expect(200, kept.get("/function/page").read());
            expect(502, kept.get("/function/acts?trap").read());
            expect(502, kept.get("/function/acts?exit").read());
            expect(200, kept.post("/function/length", "x".repeat(round)).read());
            expect(200, kept.get("/function/js?stderr").read());
            expect(404, kept.get("/function/nobody").read());
            expect(502, kept.get("/function/js?throw").read());
            expect(400, kept.send("no request\r\n\r\n").read());
        }
        expect(200, platform.get("/function/hello"));
        platform.connect().get("/function/acts?large=500000").resetOnClose().close();
        platform.connect().send("GET /func").close();
        platform.connect().send("\u0016\u0003\u0001").close();
        if (round % 40 == 0) {
            expect(504, platform.get("/function/hasty?loop"));
            expect(502, platform.get("/function/acts?flood"));
            expect(200, platform.post("/invoke?fn=hello", ""));
        }
        expect(200, platform.get("/function/acts?wait=2"));
    }

    private static void expect(int status, Answer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    }
}
