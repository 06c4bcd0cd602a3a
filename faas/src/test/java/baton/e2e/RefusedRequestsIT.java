package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests that are no requests: one answer and a close, the same from the gateway, which sees the first
/// one of a connection, and from a worker, which sees those after it.
class RefusedRequestsIT {
    private static final String HELLO = "Hello from FAAS!\n";
    private static final String GET = "GET /function/hello HTTP/1.1\r\nHost: x\r\n";
    private static final String POST = "POST /function/hello HTTP/1.1\r\nHost: x\r\n";
    private static PlatformProcess platform;

    @BeforeAll
    static void start() throws IOException {
        platform = PlatformProcess.start();
        platform.deploy("hello", "wasm", "hello.wasm");
        platform.deploy("js", "js", "acts.js");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @AfterEach
    void nextRequestWorks() throws IOException {
        assertThat(platform.get("/function/hello").text()).isEqualTo(HELLO);
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                bad("garbage", "\u0000\u0001\u0002garbage\r\n\r\n", "does not begin with a method"),
                bad("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", "use https://"),
                bad("no version", "GET /\r\n\r\n", "HTTP/1.1 or HTTP/1.0"),
                bad("bare LF", "GET / HTTP/1.1\nHost: x\n\n", "LF alone"),
                bad("bare CR", "GET / HTTP/1.1\r\nHost: x\rY: z\r\n\r\n", ""),
                bad("no Host", "GET / HTTP/1.1\r\n\r\n", "must have a Host"),
                bad("two Hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "more than one Host"),
                bad("folded", GET + "A: b\r\n c\r\n\r\n", "folded"),
                bad("space before colon", GET + "A : b\r\n\r\n", "white space between"),
                bad("NUL in a value", GET + "A: b\u0000c\r\n\r\n", "control character"),
                bad("relative target", "GET function/hello HTTP/1.1\r\nHost: x\r\n\r\n", "absolute path"),
                bad("space in target", "GET /function/hello  HTTP/1.1\r\nHost: x\r\n\r\n", ""),
                bad("%00", "GET /function/hello/%00 HTTP/1.1\r\nHost: x\r\n\r\n", "%00"),
                bad("length and coding", POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", "both"),
                bad("coding and length", POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n", "both"),
                bad("two lengths", POST + "Content-Length: 4\r\nContent-Length: 4\r\n\r\n", "more than one"),
                bad("list of lengths", POST + "Content-Length: 4, 4\r\n\r\n", "one decimal number"),
                bad("signed length", POST + "Content-Length: +4\r\n\r\n", "one decimal number"),
                bad("hex length", POST + "Content-Length: 0x4\r\n\r\n", "one decimal number"),
                bad("huge length", POST + "Content-Length: 99999999999999999999\r\n\r\n", "one decimal number"),
                bad("odd coding", POST + "Transfer-Encoding: xchunked\r\n\r\n", "must be chunked"),
                bad("chunked twice", POST + "Transfer-Encoding: chunked, chunked\r\n\r\n", "must be chunked"),
                bad("coding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0"),
                refused("gzip coding", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "NOT_IMPLEMENTED"),
                refused("HTTP/2.0", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, "HTTP_VERSION"),
                refused("preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP_VERSION"),
                refused(
                        "expectation",
                        POST + "Expect: miracles\r\nContent-Length: 1\r\n\r\n",
                        417,
                        "EXPECTATION_FAILED"),
                refused(
                        "long line",
                        "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                        431,
                        "HEAD_TOO_LARGE"),
                refused("long head", GET + "A: " + "b".repeat(17_000) + "\r\n\r\n", 431, "HEAD_TOO_LARGE"),
                refused("endless head", GET + "A: b\r\n".repeat(3_000), 431, "HEAD_TOO_LARGE"),
                refused("many fields", GET + "A: b\r\n".repeat(101) + "\r\n", 431, "HEAD_TOO_LARGE"));
    }

    private static Arguments bad(String what, String bytes, String sentence) {
        return Arguments.of(what, bytes, 400, "BAD_REQUEST", sentence);
    }

    private static Arguments refused(String what, String bytes, int status, String code) {
        return Arguments.of(what, bytes, status, code, "");
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("heads")
    void answersOnceAndCloses(String what, String bytes, int status, String code, String sentence) throws IOException {
        Answer atGateway;
        try (RawConnection connection = platform.connect()) {
            atGateway = connection.send(bytes).read();
            assertRefused(atGateway, status, code, sentence);
            assertThat(connection.ended()).as("the gateway closes").isTrue();
        }
        try (RawConnection connection = platform.connect()) {
            connection.get("/function/hello").read();
            Answer atWorker = connection.send(bytes).read();
            assertRefused(atWorker, status, code, sentence);
            assertThat(atWorker.text()).isEqualTo(atGateway.text());
            assertThat(connection.ended()).as("the worker closes").isTrue();
        }
    }

    private static void assertRefused(Answer answer, int status, String code, String sentence) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.errorCode()).isEqualTo(code);
        assertThat(answer.field("connection")).isEqualTo("close");
        assertThat(answer.json().get("error").getAsString()).contains(sentence);
        assertThat(answer.json().get("code").getAsString()).isEqualTo(code);
    }

    @Test
    void smugglesNothingBehindARefusedRequest() throws IOException {
        String smuggled = "GET /function/hello HTTP/1.1\r\nHost: x\r\n\r\n";
        for (String first : new String[] {
            POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            POST + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
            POST + "Transfer-Encoding: chunked\r\n\r\n1\r\naXX\r\n",
            POST + "Transfer-Encoding: chunked\r\n\r\n1\nab\r\n0\r\n\r\n",
            POST + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
            POST + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n",
        }) {
            for (boolean kept : new boolean[] {false, true}) {
                try (RawConnection connection = platform.connect()) {
                    if (kept) {
                        connection.get("/function/hello").read();
                    }
                    Answer answer = connection.send(first + smuggled).read();
                    assertThat(answer.status()).as("kept %s: %s", kept, first).isEqualTo(400);
                    assertThat(connection.ended()).isTrue();
                }
            }
        }
    }

    @Test
    void refusesBodiesOverTheLimitBeforeTheyAreRead() throws IOException {
        for (boolean kept : new boolean[] {false, true}) {
            try (RawConnection connection = platform.connect()) {
                if (kept) {
                    connection.get("/function/js").read();
                }
                connection.send(POST + "Content-Length: 8388609\r\n\r\nbegin");
                assertTooLarge(connection.read(), 8_388_608);
                assertThat(connection.ended()).isTrue();
            }
            try (RawConnection connection = platform.connect()) {
                if (kept) {
                    connection.get("/function/js").read();
                }
                connection.send("POST /function/nobody HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n");
                assertTooLarge(connection.read(), 1_048_576);
            }
        }
    }

    @Test
    void refusesChunkedBodiesWhenTheyPassTheLimit() throws IOException {
        String chunk = "100000\r\n" + "x".repeat(1 << 20) + "\r\n";
        try (RawConnection connection = platform.connect()) {
            connection.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 8; i++) {
                connection.send(chunk);
            }
            connection.send("1\r\nx\r\n");
            assertTooLarge(connection.read(), 8_388_608);
            assertThat(connection.ended()).isTrue();
        }
    }

    private static void assertTooLarge(Answer answer, int limit) {
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.errorCode()).isEqualTo("BODY_TOO_LARGE");
        assertThat(answer.json().get("error").getAsString())
                .isEqualTo(
                        "the request body is larger than " + limit + " bytes; the function's owner can raise max-body");
    }

    @Test
    void givesUpOnAHeadThatDoesNotComeWhileOthersAreServed() throws IOException {
        try (RawConnection slow = platform.connect();
                RawConnection other = platform.connect()) {
            slow.send("GET /function/hello HTTP/1.1\r\nHo");
            for (int i = 0; i < 20; i++) {
                assertThat(other.get("/function/hello").read().text()).isEqualTo(HELLO);
            }
            Answer answer = slow.read();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.errorCode()).isEqualTo("REQUEST_TIMEOUT");
            assertThat(answer.json().get("error").getAsString()).isEqualTo("the request head did not come within 10 s");
            assertThat(slow.ended()).isTrue();
        }
    }
}
