package baton.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import baton.function.ErrorCode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
    private final RequestHead head = new RequestHead();

    static List<HeadCase> cases() {
        return HeadCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void judgesEachHeadOfTheTable(HeadCase each) {
        int result = head.parse(each.bytes(), 0, each.bytes().length);

        if (each.fault().isPresent()) {
            assertThat(result).isEqualTo(-1);
            assertThat(head.errorDetail()).isEqualTo(each.fault().get().detail());
            assertThat(head.error()).isEqualTo(each.fault().get().code());
        } else {
            assertThat(result).as(head.errorDetail()).isEqualTo(each.bytes().length);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void needsMoreUntilTheHeadOrItsFaultIsThere(HeadCase each) {
        byte[] bytes = each.bytes();
        int decided = 0;
        for (int end = 0; end <= bytes.length; end++) {
            int result = head.parse(bytes, 0, end);
            if (decided == 0) {
                decided = result;
            } else {
                assertThat(result).as("with %s bytes", end).isEqualTo(decided);
            }
            if (result < 0) {
                assertThat(head.errorDetail())
                        .isEqualTo(each.fault().orElseThrow().detail());
            }
            assertThat(result > 0 && end < bytes.length).isFalse();
        }
        assertThat(decided).isNotZero();
    }

    @Test
    void findsThePartsOfAnOrdinaryRequest() {
        byte[] bytes = ("xx\r\nPOST /function/hello/a?b=c&d HTTP/1.1\r\nHost: Example.org:8080\r\nX-Empty:\r\n"
                        + "Content-Length: 42\r\nX-Name: \t some value \t\r\n\r\nrest")
                .getBytes(ISO_8859_1);

        assertThat(head.parse(bytes, 2, bytes.length)).isEqualTo(bytes.length - 6);

        assertThat(head.start()).isEqualTo(2);
        assertThat(head.length()).isEqualTo(bytes.length - 6);
        assertOrdinaryParts();
    }

    @Test
    void followsTheBytesToAnotherPlace() {
        byte[] bytes = ("POST /function/hello/a?b=c&d HTTP/1.1\r\nHost: Example.org:8080\r\nX-Empty:\r\n"
                        + "Content-Length: 42\r\nX-Name: \t some value \t\r\n\r\n")
                .getBytes(ISO_8859_1);
        byte[] longer = new byte[bytes.length + 100];
        System.arraycopy(bytes, 0, longer, 77, bytes.length);
        head.parse(bytes, 0, bytes.length);

        head.moved(longer, 77);
        Arrays.fill(bytes, (byte) 0);

        assertThat(head.start()).isEqualTo(77);
        assertOrdinaryParts();
    }

    private void assertOrdinaryParts() {
        assertThat(head.text(head.methodStart(), head.methodEnd())).isEqualTo("POST");
        assertThat(head.methodIs("POST")).isTrue();
        assertThat(head.methodIs("POS")).isFalse();
        assertThat(head.methodIs("post")).isFalse();
        assertThat(head.text(head.targetStart(), head.targetEnd())).isEqualTo("/function/hello/a?b=c&d");
        assertThat(path()).isEqualTo("/function/hello/a");
        assertThat(query()).isEqualTo("b=c&d");
        assertThat(host()).isEqualTo("Example.org");
        assertThat(head.http11()).isTrue();
        assertThat(head.keepAlive()).isTrue();
        assertThat(head.chunked()).isFalse();
        assertThat(head.hasContentLength()).isTrue();
        assertThat(head.contentLength()).isEqualTo(42);
        assertThat(head.fields()).isEqualTo(4);
        assertThat(head.find("host")).isZero();
        assertThat(head.find("x-name")).isEqualTo(3);
        assertThat(head.find("x-nam")).isEqualTo(-1);
        assertThat(head.text(head.nameStart(3), head.nameEnd(3))).isEqualTo("X-Name");
        assertThat(head.text(head.valueStart(3), head.valueEnd(3))).isEqualTo("some value");
        assertThat(head.text(head.valueStart(1), head.valueEnd(1))).isEmpty();
    }

    @Test
    void takesTheHostOfAnAbsoluteTarget() {
        accept("GET http://b.example:81/p?q HTTP/1.1\r\nHost: a.example\r\n\r\n");

        assertThat(host()).isEqualTo("b.example");
        assertThat(path()).isEqualTo("/p");
        assertThat(query()).isEqualTo("q");
    }

    @Test
    void readsAnEmptyPathOfAnAbsoluteTargetAsSlash() {
        accept("GET http://b.example?q HTTP/1.1\r\nHost: a.example\r\n\r\n");

        assertThat(path()).isEqualTo("/");
        assertThat(query()).isEqualTo("q");
    }

    @Test
    void keepsTheBracketsOfAnAddress() {
        accept("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n");

        assertThat(host()).isEqualTo("[::1]");
    }

    @Test
    void hasNoHostWithoutTheField() {
        accept("GET / HTTP/1.0\r\n\r\n");

        assertThat(host()).isEmpty();
    }

    @Test
    void hasNoPathForConnect() {
        accept("CONNECT b.example:443 HTTP/1.1\r\nHost: b.example:443\r\n\r\n");

        assertThat(path()).isEmpty();
        assertThat(query()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, keep-alive\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n",
                "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
                "GET / HTTP/1.0\r\nConnection: a\r\nConnection: b ,\tkeep-alive, c\r\n\r\n"
            })
    void keepsTheConnection(String text) {
        accept(text);

        assertThat(head.keepAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
                "GET / HTTP/1.0\r\nConnection: keep-alive-not\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: CLOSE\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: , keep-alive , close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n"
            })
    void closesTheConnection(String text) {
        accept(text);

        assertThat(head.keepAlive()).isFalse();
    }

    @Test
    void ignoresTheExpectationOfAnOldClient() {
        accept("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");
        assertThat(head.expectContinue()).isTrue();

        accept("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n");
        assertThat(head.expectContinue()).isFalse();
    }

    @Test
    void forgetsTheRequestBefore() {
        accept("POST http://b/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        accept("GET / HTTP/1.1\r\nHost: c\r\n\r\n");

        assertThat(head.chunked()).isFalse();
        assertThat(head.keepAlive()).isTrue();
        assertThat(head.fields()).isOne();
        assertThat(host()).isEqualTo("c");
    }

    @Test
    void refusesTheFieldAfterTheHundredth() {
        String hundred = "GET / HTTP/1.1\r\nHost: a\r\n" + "A: b\r\n".repeat(99);
        accept(hundred + "\r\n");
        assertThat(head.fields()).isEqualTo(RequestHead.MAX_FIELDS);

        refuse(hundred + "A", Fault.TOO_MANY_FIELDS);
        assertThat(head.error()).isEqualTo(ErrorCode.HEAD_TOO_LARGE);
    }

    @Test
    void refusesARequestLineOverItsLimit() {
        String line = "GET /" + "x".repeat(RequestLine.MAX_BYTES - 16) + " HTTP/1.1\r\n";
        assertThat(line).hasSize(RequestLine.MAX_BYTES);
        accept("\r\n" + line + "Host: a\r\n\r\n");

        refuse("\r\n" + line.replace("/x", "/xx").substring(0, RequestLine.MAX_BYTES), Fault.LINE_TOO_LONG);
        refuse("X".repeat(RequestLine.MAX_BYTES), Fault.LINE_TOO_LONG);
    }

    @Test
    void refusesAHeadOverItsLimit() {
        String begin = "GET / HTTP/1.1\r\nHost: a\r\nA: ";
        String fits = begin + "x".repeat(RequestHead.MAX_BYTES - begin.length() - 4) + "\r\n\r\n";
        accept(fits);

        refuse(begin + "x".repeat(RequestHead.MAX_BYTES - begin.length()), Fault.HEAD_TOO_LONG);
        refuse(fits.replace(": x", ": xx"), Fault.HEAD_TOO_LONG);
    }

    private void accept(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        assertThat(head.parse(bytes, 0, bytes.length)).as(head.errorDetail()).isEqualTo(bytes.length);
    }

    private void refuse(String text, Fault fault) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        assertThat(head.parse(bytes, 0, bytes.length)).isEqualTo(-1);
        assertThat(head.errorDetail()).isEqualTo(fault.detail());
    }

    private String path() {
        return head.text(head.pathStart(), head.pathEnd());
    }

    private String query() {
        return head.text(head.queryStart(), head.queryEnd());
    }

    private String host() {
        return head.text(head.hostStart(), head.hostEnd());
    }
}
