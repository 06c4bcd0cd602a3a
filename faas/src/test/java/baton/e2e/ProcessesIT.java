package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the death of each process costs, and how it is made good.
class ProcessesIT {
    private static final String HELLO = "Hello from FAAS!\n";
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static PlatformProcess platform;

    @BeforeAll
    static void start() throws IOException {
        platform = prepared(PlatformProcess.start("--workers", "2"));
    }

    private static PlatformProcess prepared(PlatformProcess started) throws IOException {
        started.withCompiler();
        started.deploy("hello", "c", "hello.c");
        started.deploy("acts", "c", "acts.c");
        started.deploy("js", "js", "acts.js");
        return started;
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static JsonObject worker(int index) throws IOException {
        return platform.admin()
                .get("/workers")
                .json()
                .getAsJsonArray("workers")
                .get(index)
                .getAsJsonObject();
    }

    private static long pid(int index) throws IOException {
        return worker(index).get("pid").getAsLong();
    }

    private static void awaitBothReady() {
        Await.until(
                "both workers are ready",
                BOUND,
                () -> worker(0).get("state").getAsString().equals("ready")
                        && worker(1).get("state").getAsString().equals("ready"));
    }

    private static void signal(String signal, long pid) throws IOException {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start();
            assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(kill.exitValue()).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void replacesAKilledWorkerInItsPlaceWhileOthersServe() throws IOException {
        awaitBothReady();
        long killed = pid(0);
        long other = pid(1);
        try (RawConnection waiting = platform.connect()) {
            assertThat(waiting.get("/function/hello").read().status()).isEqualTo(200);
            signal("KILL", killed);
            // Nobody who comes now is lost.
            for (int i = 0; i < 40; i++) {
                assertThat(platform.get("/function/hello").text()).isEqualTo(HELLO);
            }
        }
        Await.until("shared/0 is another process", BOUND, () -> pid(0) != killed && pid(0) != 0);
        awaitBothReady();
        assertThat(worker(0).get("id").getAsString()).isEqualTo("shared/0");
        assertThat(pid(1)).isEqualTo(other);
        List<Long> served = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            served.add(platform.get("/function/hello").workerPid());
        }
        assertThat(served).contains(pid(0), pid(1));
    }

    @Test
    void takesConnectionsBackThatADeadWorkerNeverAcknowledged() throws IOException {
        awaitBothReady();
        long stopped = pid(0);
        signal("STOP", stopped);
        List<RawConnection> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(platform.connect().get("/function/hello"));
        }
        signal("KILL", stopped);
        for (RawConnection client : clients) {
            assertThat(client.read().text()).isEqualTo(HELLO);
            client.close();
        }
        awaitBothReady();
    }

    @Test
    void replacesAWorkerThatDoesNotMoveAnyMore() throws IOException {
        awaitBothReady();
        long stopped = pid(1);
        signal("STOP", stopped);
        try (RawConnection one = platform.connect().get("/function/hello");
                RawConnection two = platform.connect().get("/function/hello")) {
            assertThat(one.read().text()).isEqualTo(HELLO);
            assertThat(two.read().text()).isEqualTo(HELLO);
        }
        Await.until("shared/1 is another process", BOUND, () -> pid(1) != stopped && pid(1) != 0);
        assertThat(ProcessHandle.of(stopped).map(ProcessHandle::isAlive)).isNotEqualTo(Optional.of(true));
        awaitBothReady();
    }

    @Test
    void drainsAWorkerWithoutLosingWhatItServes() throws IOException {
        awaitBothReady();
        try (RawConnection connection = platform.connect()) {
            Answer first = connection.get("/function/acts?argv").read();
            String id = first.field("x-baton-worker").replaceAll(":.*", "");
            connection.get("/function/acts?wait=400");
            Answer drained = platform.admin().send("POST", "/workers/" + id + "/drain", new byte[0]);
            assertThat(drained.status()).isEqualTo(202);
            assertThat(connection.read().text()).isEqualTo("waited\n");
            int index = id.endsWith("0") ? 0 : 1;
            Await.until("the worker is replaced", BOUND, () -> pid(index) != first.workerPid() && pid(index) != 0);
        }
        awaitBothReady();
        assertThat(platform.admin()
                        .send("POST", "/workers/shared/7/drain", new byte[0])
                        .status())
                .isEqualTo(404);
    }

    @Test
    void startsAKilledLanguageHostAgain() throws IOException {
        String before = platform.get("/function/js").text().replaceAll("\\D", "");
        signal("KILL", Long.parseLong(before));
        Await.untilAsserted(BOUND, () -> {
            Answer answer = platform.get("/function/js");
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.text()).doesNotContain(before);
        });
    }

    @Test
    void leavesNothingBehindWhenTheGatewayIsKilled() throws IOException {
        try (PlatformProcess killed = prepared(PlatformProcess.start())) {
            killed.get("/function/js");
            List<ProcessHandle> children = killed.children();
            assertThat(children).hasSizeGreaterThanOrEqualTo(3);
            killed.kill();
            Await.until(
                    () -> "all end by themselves: " + PlatformProcess.alive(children),
                    BOUND,
                    () -> PlatformProcess.alive(children).isEmpty());
        }
    }

    @Test
    void finishesWhatIsUnderWayBeforeItStops() throws IOException {
        try (PlatformProcess stopping = prepared(PlatformProcess.start())) {
            try (RawConnection wasm = stopping.connect();
                    RawConnection kept = stopping.connect()) {
                kept.get("/function/hello").read();
                wasm.get("/function/acts?wait=700");
                Await.until(
                        "the request is under way",
                        BOUND,
                        () -> stopping.admin().get("/workers").text().contains("\"inflight\":1"));
                List<ProcessHandle> children = stopping.children();
                stopping.process().destroy();
                assertThat(wasm.read().text()).isEqualTo("waited\n");
                assertThat(kept.ended()).isTrue();
                Await.until(
                        "everything ends",
                        BOUND,
                        () -> PlatformProcess.alive(children).isEmpty()
                                && !stopping.process().isAlive());
                assertThat(stopping.process().exitValue()).as(stopping.output()).isZero();
            }
        }
    }
}
