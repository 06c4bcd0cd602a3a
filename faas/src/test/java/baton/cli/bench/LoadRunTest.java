package baton.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import baton.cli.TestTerminal;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LoadRunTest {
    private final AtomicInteger served = new AtomicInteger();
    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            clients.add(exchange.getRemoteAddress());
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean fails = served.incrementAndGet() % 10 == 0
                    && exchange.getRequestURI().getPath().equals("/flaky");
            if (fails) {
                exchange.getResponseHeaders().add("X-Baton-Error", "TRAP");
            }
            exchange.sendResponseHeaders(fails ? 502 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
        threads.close();
    }

    @Test
    void sendsExactlySoManyRequestsOnSoManyConnections() throws InterruptedException {
        LoadReport report = run("/", 7, 1000, true);

        assertThat(report.answered()).isEqualTo(1000);
        assertThat(served).hasValue(1000);
        assertThat(clients).hasSizeBetween(1, 7);
        assertThat(report.statuses()).containsOnly(Map.entry(200, 1000L));
        assertThat(report.errors()).isEmpty();
        assertThat(report.latency().p50())
                .isPositive()
                .isLessThanOrEqualTo(report.latency().p99());
        assertThat(report.latency().p99()).isLessThanOrEqualTo(report.latency().max());
    }

    @Test
    void connectsAnewForEachRequestWithoutKeepAlive() throws InterruptedException {
        LoadReport report = run("/", 5, 100, false);

        assertThat(report.answered()).isEqualTo(100);
        assertThat(clients).hasSize(100);
    }

    @Test
    void sharesManyConnectionsAmongTwoLoops() throws InterruptedException {
        // The server of the JDK keeps no more than 200 connections at rest.
        LoadReport report = run("/", 180, 900, true);

        assertThat(report.errors()).isEmpty();
        assertThat(report.answered()).isEqualTo(900);
    }

    @Test
    void countsErrorsByTheirCode() throws InterruptedException {
        LoadReport report = run("/flaky", 4, 100, true);

        assertThat(report.answered()).isEqualTo(100);
        assertThat(report.failed()).isEqualTo(10);
        assertThat(report.errors()).containsOnly(Map.entry("HTTP 502 TRAP", 10L));
    }

    @Test
    void endsWhenTheTimeIsUp() throws InterruptedException {
        LoadPlan plan =
                new LoadPlan(server.getAddress(), request("/", true), 2, Long.MAX_VALUE, Duration.ofMillis(200), true);

        LoadReport report = new LoadRun(plan, TestTerminal.quiet()).run();

        assertThat(report.answered()).isPositive();
        assertThat(report.seconds()).isGreaterThanOrEqualTo(0.2);
    }

    @Test
    void givesUpWhereNobodyListens() throws Exception {
        InetSocketAddress free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = (InetSocketAddress) socket.getLocalSocketAddress();
        }

        LoadPlan plan = new LoadPlan(free, request("/", true), 3, 1_000_000, Duration.ofHours(1), true);
        LoadReport report = new LoadRun(plan, TestTerminal.quiet()).run();

        assertThat(report.answered()).isZero();
        assertThat(report.errors()).containsOnlyKeys("connection refused");
        assertThat(report.failed()).isLessThan(1000);
    }

    @Test
    void tellsAnswersThatBreakOff() throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            threads.submit(() -> {
                for (int count = 0; count < 20; count++) {
                    breakOff(rude);
                }
                return null;
            });
            InetSocketAddress address = (InetSocketAddress) rude.getLocalSocketAddress();
            LoadPlan plan = new LoadPlan(address, request("/", true), 2, 20, Duration.ofHours(1), true);

            LoadReport report = new LoadRun(plan, TestTerminal.quiet()).run();

            assertThat(report.answered()).isZero();
            assertThat(report.failed()).isEqualTo(20);
            assertThat(report.errors()).containsOnlyKeys("closed before the answer was whole");
        }
    }

    private static void breakOff(ServerSocket server) throws IOException {
        try (Socket client = server.accept()) {
            byte[] request = new byte[4096];
            int count = client.getInputStream().read(request);
            assertThat(count).isPositive();
            client.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private LoadReport run(String path, int connections, long requests, boolean keepAlive) throws InterruptedException {
        LoadPlan plan = new LoadPlan(
                server.getAddress(), request(path, keepAlive), connections, requests, Duration.ofHours(1), keepAlive);
        return new LoadRun(plan, TestTerminal.quiet()).run();
    }

    private static byte[] request(String path, boolean keepAlive) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                + (keepAlive ? "" : "Connection: close\r\n") + "\r\nabc";
        return head.getBytes(StandardCharsets.US_ASCII);
    }
}
