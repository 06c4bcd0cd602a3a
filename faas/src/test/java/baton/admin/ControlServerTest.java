package baton.admin;

import static org.assertj.core.api.Assertions.assertThat;

import baton.posix.BlockingSocket;
import baton.posix.Descriptor;
import baton.posix.TcpListener;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlServerTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    Path data;

    @TempDir
    static Path cache;

    private Fixture fixture;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void keepsAConnectionForSeveralRequests() throws IOException {
        start();
        try (RawClient client = fixture.connect()) {
            assertThat(client.request("POST", "/deploy?name=hello&lang=c", "x").status())
                    .isEqualTo(201);
            assertThat(client.request("GET", "/nowhere", "").status()).isEqualTo(404);
            assertThat(client.request("POST", "/invoke?fn=hello", "payload").text())
                    .contains("payload");
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        start();
        String get = "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (RawClient client = fixture.connect()) {
            client.send(get.formatted("/healthz") + get.formatted("/routes") + get.formatted("/functions"));

            assertThat(client.read().text()).isEqualTo("{\"ok\":true}\n");
            assertThat(client.read().text()).contains("routes");
            assertThat(client.read().text()).contains("functions");
        }
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        start();
        try (RawClient client = fixture.connect()) {
            RawClient.Answer head = client.request("HEAD", "/healthz", "");

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.headers()).containsEntry("content-length", "12");
            assertThat(client.request("GET", "/healthz", "").status()).isEqualTo(200);
        }
    }

    @Test
    void readsChunkedBodiesInPieces() throws IOException {
        start();
        try (RawClient client = fixture.connect()) {
            client.send("POST /deploy?name=hello&lang=c HTTP/1.1\r\nHost: localhost\r\nTransfer-En");
            client.send("coding: chunked\r\n\r\n5\r\nint m");
            client.send("\r\n6\r\nain(){\r\n1\r\n}\r\n0\r\n\r");
            client.send("\n");

            assertThat(client.read().status()).isEqualTo(201);
            assertThat(client.request("GET", "/function/hello", "").text()).isEqualTo("int main(){}");
        }
    }

    @Test
    void refusesAChunkedBodyOverTheLimitAndCloses() throws IOException {
        start();
        fixture.request("POST", "/deploy?name=hello&lang=c", "x");
        int limit = DeployRequest.MAX_TEXT_BYTES;
        try (RawClient client = fixture.connect()) {
            client.send("PUT /deploy?name=hello HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send(Integer.toHexString(limit + 1) + "\r\n" + "x".repeat(limit + 1) + "\r\n0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(fixture.request("GET", "/function/hello", "").text()).isEqualTo("x");
    }

    @Test
    void continuesOnlyWhatItWillTake() throws IOException {
        start();
        String head = "POST /deploy?name=%s&lang=c HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                + "Content-Length: 4\r\n\r\n";
        try (RawClient client = fixture.connect()) {
            client.send(head.formatted("hello"));
            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("body").read().status()).isEqualTo(201);
        }
        try (RawClient client = fixture.connect()) {
            client.send(head.formatted("Bad"));
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void speaksHttp10() throws IOException {
        start();
        try (RawClient client = fixture.connect()) {
            RawClient.Answer answer = client.send("GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                    .read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'GET /healthz HTTP/1.1\r\n\r\n',400",
        "'garbage\r\n\r\n',400",
        "'GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n',403",
        "'GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n',403",
        "'GET /healthz HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n',403",
        "'GET /healthz HTTP/2.0\r\nHost: localhost\r\n\r\n',505",
        "'POST /invoke?fn=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',400",
        "'POST /invoke?fn=x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n',400"
    })
    void refusesBadRequestsAndServesTheNextClient(String request, int status) throws IOException {
        start();
        try (RawClient client = fixture.connect()) {
            assertThat(client.send(request).read().status()).isEqualTo(status);
        }
        assertThat(fixture.request("GET", "/healthz", "").status()).isEqualTo(200);
    }

    @Test
    void refusesAnOverlongHead() throws IOException {
        start();
        try (RawClient client = fixture.connect()) {
            client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(431);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void givesUpOnASlowHeadAndOnASlowBody() throws IOException {
        fixture = Fixture.open(data, cache, new ControlLimits(4, 4, SHORT, SHORT, LONG, LONG, 1, 1 << 20));
        try (RawClient client = fixture.connect()) {
            assertThat(client.send("GET /healthz HT").read().status()).isEqualTo(408);
            assertThat(client.atEnd()).isTrue();
        }
        try (RawClient client = fixture.connect()) {
            client.send("POST /deploy?name=x&lang=c HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf");
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void closesAnIdleConnection() throws IOException {
        fixture = Fixture.open(data, cache, new ControlLimits(4, 4, LONG, LONG, SHORT, LONG, 1, 1 << 20));
        try (RawClient client = fixture.connect()) {
            client.request("GET", "/healthz", "");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void refusesConnectionsOverTheLimitAndServesAgainAfterwards() throws IOException {
        fixture = Fixture.open(data, cache, new ControlLimits(1, 1, LONG, LONG, LONG, LONG, 1, 1 << 20));
        try (RawClient first = fixture.connect()) {
            first.request("GET", "/healthz", "");
            try (RawClient second = fixture.connect()) {
                RawClient.Answer answer = second.read();
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.headers()).containsEntry("retry-after", "1");
            }
            RawClient.Answer last = first.request("GET", "/healthz", "", "Connection: close");
            assertThat(last.status()).isEqualTo(200);
            assertThat(first.atEnd()).isTrue();
        }
    }

    @Test
    void boundsTheMemoryOfAllUploads() throws IOException {
        fixture = Fixture.open(data, cache, new ControlLimits(4, 4, LONG, LONG, LONG, LONG, 1, 64 << 10));

        assertThat(fixture.request("POST", "/deploy?name=big&lang=c", "x".repeat(100_000))
                        .status())
                .isEqualTo(503);
        assertThat(statusOnceMemoryIsBack("POST")).isEqualTo(201);
        assertThat(statusOnceMemoryIsBack("PUT")).isEqualTo(200);
    }

    /// A request gives its memory back just after its answer was sent, so the next one may come too early.
    private int statusOnceMemoryIsBack(String method) throws IOException {
        int status = 503;
        for (int i = 0; i < 1_000 && status == 503; i++) {
            status = fixture.request(method, "/deploy?name=small&lang=c", "x".repeat(60_000))
                    .status();
        }
        return status;
    }

    @Test
    void handsAnAdoptedConnectionBackWithWhatItDidNotRead() throws Exception {
        start();
        fixture.request("POST", "/deploy?name=hello&lang=c", "x");
        try (TcpListener gateway = TcpListener.open(InetAddress.getLoopbackAddress(), 0, 0);
                RawClient client = new RawClient(gateway.port())) {
            String next = "GET /function/hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
            client.send("POST /invoke?fn=hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi" + next);
            Descriptor accepted = gateway.accept();
            adopt(accepted);

            assertThat(client.read().text()).contains("\"output\":\"hi\"");
            Fixture.Returned returned = fixture.returned.poll(10, TimeUnit.SECONDS);

            assertThat(returned).isNotNull();
            assertThat(new String(returned.unread(), StandardCharsets.US_ASCII)).isEqualTo(next);
            try (BlockingSocket socket = new BlockingSocket(returned.socket())) {
                socket.write("pong".getBytes(StandardCharsets.US_ASCII), 0, 4, 1_000);
            }
            assertThat(client.socket().getInputStream().readAllBytes())
                    .asString()
                    .isEqualTo("pong");
        }
    }

    @Test
    void checksAdoptedConnectionsAndOffersThemOnlyDeployAndInvoke() throws Exception {
        start();
        try (TcpListener gateway = TcpListener.open(InetAddress.getLoopbackAddress(), 0, 0)) {
            assertThat(adopted(gateway, "POST /invoke?fn=x HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                    .isEqualTo(403);
            assertThat(adopted(gateway, "GET /functions HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .isEqualTo(404);
            assertThat(adopted(gateway, "POST /invoke?fn=x HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .isEqualTo(404);
        }
    }

    @Test
    void asksForTheTokenBeforeItReadsABody() throws IOException {
        AccessPolicy policy = new AccessPolicy(Set.of(), Optional.of("sesame"), false);
        fixture = Fixture.openWithPolicy(data, cache, policy);
        try (RawClient client = fixture.connect()) {
            client.send("POST /deploy?name=x&lang=c HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n");
            RawClient.Answer answer = client.read();

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.headers()).containsEntry("www-authenticate", "Bearer");
        }
        try (RawClient client = fixture.connect()) {
            assertThat(client.request("GET", "/functions", "", "Authorization: Bearer sesame")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void followsALogUntilTheClientLeaves() throws IOException {
        start();
        fixture.request("POST", "/deploy?name=hello&lang=c", "x");
        Path log = data.resolve("logs/functions/hello.log");
        Files.createDirectories(log.getParent());
        Files.writeString(log, "first\n");
        try (RawClient client = fixture.connect()) {
            assertThat(client.request("GET", "/logs?fn=hello&follow=true", "").status())
                    .isEqualTo(200);
            assertThat(client.chunk()).isEqualTo("first\n");

            Files.writeString(log, "second\n", StandardOpenOption.APPEND);
            assertThat(client.chunk()).isEqualTo("second\n");

            Files.move(log, log.resolveSibling("hello.log.1"));
            Files.writeString(log, "rotated\n");
            assertThat(client.chunk()).isEqualTo("rotated\n");
        }
    }

    @Test
    void endsWhileClientsRest() throws IOException {
        start();
        try (RawClient resting = fixture.connect()) {
            resting.request("GET", "/healthz", "");
            fixture.server.close();

            assertThat(resting.atEnd()).isTrue();
        }
    }

    @Test
    void servesCurl() throws Exception {
        start();
        Path source = Files.writeString(data.resolve("big.c"), "// " + "x".repeat(2_000_000));
        String url = "http://localhost:" + fixture.server.port();

        String deployed = curl("--data-binary", "@" + source, url + "/deploy?name=big&lang=c");
        String chunked = curl(
                "-X",
                "PUT",
                "-H",
                "Transfer-Encoding: chunked",
                "--data-binary",
                "@" + source,
                url + "/deploy?name=big");
        String foreign = curl("-H", "Origin: http://evil.example", url + "/functions");

        assertThat(deployed).startsWith("{\"ok\":true,\"id\":\"big_").endsWith("201");
        assertThat(chunked).endsWith("200");
        assertThat(foreign).endsWith("403");
        assertThat(curl("-4", url + "/function/big")).hasSize(2_000_003 + 3);
    }

    private void start() throws IOException {
        fixture = Fixture.open(data, cache);
    }

    private void adopt(Descriptor accepted) throws IOException {
        byte[] head = new byte[4096];
        BlockingSocket socket = new BlockingSocket(accepted);
        int count = socket.read(head, 0, head.length, 10_000);
        fixture.server.adopt(socket.release(), Arrays.copyOf(head, count));
    }

    private int adopted(TcpListener gateway, String request) throws IOException {
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(request);
            adopt(gateway.accept());
            return client.read().status();
        }
    }

    private static String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-m", "20", "-w", "%{http_code}"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
