package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// HTTP/1.1 as clients may speak it, byte by byte: on a new connection, where the gateway looks first, and
/// on one that a worker has kept.
class KeepAliveIT {
    private static final String HELLO = "Hello from FAAS!\n";
    private static PlatformProcess platform;

    @BeforeAll
    static void deployAll() throws IOException {
        platform = PlatformProcess.start().withCompiler();
        platform.deploy("hello", "c", "hello.c");
        platform.deploy("length", "c", "length.c");
        platform.deploy("acts", "c", "acts.c");
        platform.deploy("js", "js", "acts.js");
        platform.deploy("page", "html", "hello.html");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void keepsTheConnectionWithItsWorker() throws IOException {
        try (RawConnection connection = platform.connect()) {
            long pid = connection.get("/function/hello").read().workerPid();
            for (String path : new String[] {"/function/page", "/function/js", "/function/hello", "/nobody"}) {
                Answer answer = connection.get(path).read();
                assertThat(answer.status()).isEqualTo(path.equals("/nobody") ? 404 : 200);
                if (answer.status() == 200) {
                    assertThat(answer.workerPid()).isEqualTo(pid);
                }
            }
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String path = i % 4 == 3 ? "/function/acts?wait=5" : i % 4 == 2 ? "/function/js?echo" : "/function/length";
            String body = "x".repeat(i);
            all.append("POST ")
                    .append(path)
                    .append(" HTTP/1.1\r\nHost: x\r\nX-Request-Id: r")
                    .append(i);
            all.append("\r\nContent-Length: ").append(i).append("\r\n\r\n").append(body);
        }
        try (RawConnection connection = platform.connect()) {
            connection.send(all.toString());
            for (int i = 0; i < 20; i++) {
                Answer answer = connection.read();
                assertThat(answer.field("x-request-id")).isEqualTo("r" + i);
                String expected = i % 4 == 3 ? "waited\n" : i % 4 == 2 ? "x".repeat(i) : i + " " + i * 'x' + "\n";
                assertThat(answer.text()).isEqualTo(expected);
            }
        }
    }

    @Test
    void takesRequestsSplitAtEveryByte() throws IOException {
        String request = "POST /function/length?q HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n1;x=y\r\nd\r\n0\r\nTrailer: t\r\n\r\n";
        try (RawConnection kept = platform.connect()) {
            kept.get("/function/hello").read();
            for (int at = 1; at < request.length(); at++) {
                try (RawConnection fresh = platform.connect()) {
                    fresh.send(request.substring(0, at)).send(request.substring(at));
                    assertThat(fresh.read().text()).as("new, split at %d", at).isEqualTo("4 394\n");
                }
                kept.send(request.substring(0, at)).send(request.substring(at));
                assertThat(kept.read().text()).as("kept, split at %d", at).isEqualTo("4 394\n");
            }
            for (int at = 0; at < request.length(); at++) {
                kept.send(request.substring(at, at + 1));
            }
            assertThat(kept.read().text()).isEqualTo("4 394\n");
        }
    }

    @Test
    void takesLargeBodiesWholeAndInOddChunks() throws IOException {
        byte[] body = new byte[3_000_001];
        long sum = 0;
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 31 + i / 257);
            sum += body[i] & 0xff;
        }
        String expected = body.length + " " + sum + "\n";
        try (RawConnection connection = platform.connect()) {
            for (int round = 0; round < 2; round++) {
                connection.send(
                        "POST /function/length HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n");
                connection.send(body);
                assertThat(connection.read().text()).isEqualTo(expected);

                connection.send("POST /function/length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
                int size = 1;
                for (int from = 0; from < body.length; from += size, size = Math.min(size * 3 + 1, 70_001)) {
                    int length = Math.min(size, body.length - from);
                    byte[] chunk = new byte[length];
                    System.arraycopy(body, from, chunk, 0, length);
                    connection
                            .send(Integer.toHexString(length) + "\r\n")
                            .send(chunk)
                            .send("\r\n");
                }
                connection.send("0\r\n\r\n");
                assertThat(connection.read().text()).isEqualTo(expected);
            }
        }
    }

    @Test
    void saysContinueBeforeTheBodyIsSent() throws IOException {
        try (RawConnection connection = platform.connect()) {
            for (int round = 0; round < 2; round++) {
                connection.send(
                        "POST /function/length HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
                assertThat(connection.read().status()).isEqualTo(100);
                connection.send("hi");
                assertThat(connection.read().text()).isEqualTo("2 209\n");
            }
            connection.send(
                    "POST /function/length HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
            Answer refused = connection.read();
            assertThat(refused.status()).isEqualTo(413);
            assertThat(connection.ended()).isTrue();
        }
    }

    @Test
    void servesCurlThatExpectsContinue(@TempDir Path directory) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Process curl = new ProcessBuilder(
                        "curl",
                        "-sS",
                        "--max-time",
                        "20",
                        "--expect100-timeout",
                        "15",
                        "-H",
                        "Expect: 100-continue",
                        "--data-binary",
                        "some text",
                        "http://127.0.0.1:" + platform.http() + "/function/length")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(out).hasContent("9 921\n");
        assertThat(curl.exitValue()).isZero();
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        try (RawConnection connection = platform.connect()) {
            for (String path : new String[] {"/function/hello", "/function/page", "/function/js", "/function/nobody"}) {
                int length = connection.get(path).read().body().length;
                connection.send("HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                Answer head = connection.readHead();
                assertThat(head.field("content-length")).as(path).isEqualTo(Integer.toString(length));
            }
            assertThat(connection.get("/function/hello").read().text()).isEqualTo(HELLO);
        }
    }

    @Test
    void takesAnyMethodAndAbsoluteTargets() throws IOException {
        try (RawConnection connection = platform.connect()) {
            for (String method :
                    new String[] {"DELETE", "PATCH", "OPTIONS", "BREW", "get", "M-SEARCH", "X!#$%&'*+.^_`|~"}) {
                connection.send(method + " /function/hello HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(connection.read().text()).as(method).isEqualTo(HELLO);
            }
            connection.send("GET http://other.example/function/hello?q HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(connection.read().text()).isEqualTo(HELLO);
            connection.send("GET http://hello.faas.local HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(connection.read().text()).isEqualTo(HELLO);
            connection.send("OPTIONS * HTTP/1.1\r\nHost: hello.faas.local\r\n\r\n");
            assertThat(connection.read().status()).isEqualTo(200);
            connection.send("\r\n\r\nGET /function/hello HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(connection.read().text()).isEqualTo(HELLO);
        }
    }

    @Test
    void closesWhenTheClientWantsItSo() throws IOException {
        for (String path :
                new String[] {"/function/hello", "/function/js", "/function/nobody", "/function/acts?trap"}) {
            try (RawConnection connection = platform.connect()) {
                connection.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                assertThat(connection.read().field("connection")).isEqualTo("close");
                assertThat(connection.ended()).isTrue();
            }
            try (RawConnection connection = platform.connect()) {
                connection.send("GET " + path + " HTTP/1.0\r\n\r\n");
                connection.read();
                assertThat(connection.ended()).isTrue();
            }
            try (RawConnection connection = platform.connect()) {
                for (int round = 0; round < 3; round++) {
                    connection.send("GET " + path + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                    assertThat(connection.read().field("connection")).isEqualToIgnoringCase("keep-alive");
                }
            }
        }
    }

    @Test
    void answersClientsThatSendNoMore() throws IOException {
        for (String path : new String[] {"/function/hello", "/function/acts?wait=30", "/function/js?echo"}) {
            try (RawConnection connection = platform.connect()) {
                connection.post(path, "").endOutput();
                assertThat(connection.read().status()).as("new %s", path).isEqualTo(200);
                assertThat(connection.ended()).isTrue();
            }
            try (RawConnection connection = platform.connect()) {
                connection.get("/function/page").read();
                connection.post(path, "").endOutput();
                assertThat(connection.read().status()).as("kept %s", path).isEqualTo(200);
                assertThat(connection.ended()).isTrue();
            }
        }
    }

    @Test
    void sendsLargeAnswersToSlowReaders() throws IOException {
        try (RawConnection connection = platform.connect()) {
            connection.get("/function/acts?large=4000000").get("/function/hello");
            try (RawConnection other = platform.connect()) {
                assertThat(other.get("/function/hello").read().text()).isEqualTo(HELLO);
            }
            Answer large = connection.read();
            assertThat(new String(large.body(), StandardCharsets.US_ASCII)).isEqualTo("x".repeat(4_000_000));
            assertThat(connection.read().text()).isEqualTo(HELLO);
        }
    }

    @Test
    void survivesClientsThatLeaveMidway() throws IOException {
        for (int i = 0; i < 10; i++) {
            platform.connect().close();
            platform.connect().send("GET /func").close();
            platform.connect().send("GET /func").resetOnClose().close();
            leave("POST /function/length HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
            leave("POST /function/length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal");
            leave("GET /function/acts?large=4000000 HTTP/1.1\r\nHost: x\r\n\r\n");
            leave("GET /function/acts?wait=20 HTTP/1.1\r\nHost: x\r\n\r\n");
            leave("GET /function/js?never HTTP/1.1\r\nHost: x\r\n\r\n".replace("never", "echo"));
        }
        assertThat(platform.get("/function/hello").text()).isEqualTo(HELLO);
        Await.untilAsserted(Duration.ofSeconds(10), () -> {
            String workers = platform.admin().get("/workers").text();
            assertThat(workers).contains("\"connections\":0,\"inflight\":0").doesNotContain("\"connections\":1");
        });
    }

    /// On a new connection and on a kept one, ended and reset.
    private static void leave(String request) throws IOException {
        platform.connect().send(request).close();
        platform.connect().send(request).resetOnClose().close();
        RawConnection kept = platform.connect();
        kept.get("/function/hello").read();
        kept.send(request).close();
        RawConnection reset = platform.connect();
        reset.get("/function/hello").read();
        reset.send(request).resetOnClose().close();
    }
}
