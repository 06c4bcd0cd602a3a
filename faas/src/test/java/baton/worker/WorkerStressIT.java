package baton.worker;

import static org.assertj.core.api.Assertions.assertThat;

import baton.worker.CheckedClient.Tally;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random traffic against real workers whose every answer is checked: in order, whole, with its own id, from
/// an instance that nobody used before; and afterwards nothing is left. `-Dstress.writes=` and
/// `-Dstress.seed=` make it longer or other.
class WorkerStressIT {
    private static final int CLIENTS = 32;
    private static final int WRITES = Integer.getInteger("stress.writes", 120);
    private static final long SEED = Long.getLong("stress.seed", 1);
    private static final int KILLS = 5;

    /// Hosts, the log and the like may take descriptors of their own now and then.
    private static final int SLACK = 3;

    @TempDir
    static Path directory;

    private static RunningPlatform platform;
    private static byte[] page;

    @BeforeAll
    static void start() throws IOException {
        try (InputStream in = WorkerStressIT.class.getResourceAsStream("/stress/page.html")) {
            page = in.readAllBytes();
        }
        platform = RunningPlatform.start(directory);
        for (String name : List.of("work", "echo", "spin", "sleep")) {
            platform.deploy(name, "c", "work.c", "");
        }
        platform.deploy("hostile", "c", "hostile.c", "&memory=16Mi");
        platform.deploy("endless", "c", "hostile.c", "&timeout=300ms");
        platform.deploy("page", "html", "page.html", "");
        platform.deploy("host", "js", "host.js", "");
    }

    @AfterAll
    static void stop() throws IOException {
        platform.close();
    }

    @Test
    void everyAnswerOfAMixedLoadIsTheRightOne() throws Exception {
        run(clients(4, 20, 1_000 + SEED, new Tally()));
        settled();
        List<Long> pids = platform.pids();
        Map<Long, Integer> descriptors = counts(pids, RunningPlatform::descriptors);
        Map<Long, Integer> threads = counts(pids, RunningPlatform::threads);

        Tally tally = new Tally();
        run(clients(CLIENTS, WRITES, SEED, tally));

        settled();
        assertThat(tally.checked.get()).as("checked answers").isGreaterThan((long) CLIENTS * WRITES * 2);
        assertThat(tally.failed.get()).as("expected failures among them").isPositive();
        assertThat(platform.pids()).as("workers that lived through it").isEqualTo(pids);
        counts(pids, RunningPlatform::descriptors)
                .forEach((pid, count) -> assertThat(count)
                        .as("descriptors of %s", pid)
                        .isLessThanOrEqualTo(descriptors.get(pid) + SLACK));
        counts(pids, RunningPlatform::threads)
                .forEach((pid, count) ->
                        assertThat(count).as("threads of %s", pid).isLessThanOrEqualTo(threads.get(pid) + SLACK));
        System.out.println("checked " + tally.checked + " answers, " + tally.failed + " of them failures, abandoned "
                + tally.abandoned);
    }

    @Test
    void hostileFunctionsDoNotHarmOthers() throws Exception {
        List<Long> pids = platform.pids();
        Tally tally = new Tally();
        List<Callable<Void>> all = new ArrayList<>(clients(8, WRITES / 4, SEED + 1, tally));
        all.add(() -> hostile("endless", "loop", 504, "TIMEOUT", 12));
        all.add(() -> hostile("endless", "loop", 504, "TIMEOUT", 12));
        all.add(() -> hostile("endless", "loop", 504, "TIMEOUT", 12));
        all.add(() -> hostile("hostile", "flood", 502, "OUTPUT_TOO_LARGE", 40));
        all.add(() -> hostile("hostile", "recurse", 502, "TRAP", 200));
        all.add(() -> hostile("hostile", "eat", 502, "MEMORY", 40));

        run(all);

        settled();
        assertThat(platform.pids()).isEqualTo(pids);
        System.out.println("checked " + tally.checked + " answers beside hostile functions");
    }

    @Test
    void aKilledLanguageHostIsReplacedUnderLoad() throws Exception {
        Tally tally = new Tally();
        List<CheckedClient> clients = clients(8, WRITES / 2, SEED + 2, tally);
        clients.forEach(CheckedClient::whileHostsDie);
        List<Callable<Void>> all = new ArrayList<>(clients);
        all.add(WorkerStressIT::killHosts);

        run(all);

        settled();
        assertThat(exchange("POST", "host", "1 echo 0\n")).startsWith("HTTP/1.1 200");
        System.out.println("checked " + tally.checked + " answers, " + tally.hostDied + " lost to killed hosts");
    }

    private static Void killHosts() {
        for (int i = 0; i < KILLS; i++) {
            platform.settle("a language host", () -> !platform.hosts().isEmpty());
            List<ProcessHandle> hosts = platform.hosts();
            hosts.forEach(ProcessHandle::destroyForcibly);
            platform.settle("the end of the host", () -> hosts.stream().noneMatch(ProcessHandle::isAlive));
        }
        return null;
    }

    private static Void hostile(String function, String action, int status, String code, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            assertThat(exchange("POST", function, action))
                    .startsWith("HTTP/1.1 " + status)
                    .contains("X-Baton-Error: " + code);
        }
        return null;
    }

    private static String exchange(String method, String function, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), platform.http())) {
            String request = method + " /function/" + function + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static List<CheckedClient> clients(int count, int writes, long seed, Tally tally) {
        List<CheckedClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(new CheckedClient(platform.http(), i, writes, seed, page, tally));
        }
        return clients;
    }

    private static void run(List<? extends Callable<Void>> clients) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
            List<Future<Void>> running = new ArrayList<>();
            clients.forEach(client -> running.add(threads.submit(client)));
            for (Future<Void> client : running) {
                client.get();
            }
        }
    }

    /// Waits until the workers say that nothing is under way and nobody is connected.
    private static void settled() {
        platform.settle(
                "all spares and connections are back",
                () -> platform.workers().stream()
                        .allMatch(worker -> number(worker, "inflight") == 0 && number(worker, "connections") == 0));
    }

    private static int number(JsonObject worker, String field) {
        return worker.get(field).getAsInt();
    }

    private static Map<Long, Integer> counts(List<Long> pids, ToIntFunction<Long> count) {
        return pids.stream().collect(Collectors.toMap(pid -> pid, count::applyAsInt));
    }
}
