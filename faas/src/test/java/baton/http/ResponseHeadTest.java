package baton.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {
    private final AtomicLong millis = new AtomicLong(784_111_777_123L);
    private final ResponseHead head = new ResponseHead(millis::get);

    @Test
    void writesAHead() {
        byte[] source = "xX-B: valuex".getBytes(ISO_8859_1);
        head.begin(200).field("X-A", "a b").field("X-N", source, 6, 11).field(source, 1, 4, 6, 11);
        head.field("X-Number", Long.MAX_VALUE)
                .contentLength(0)
                .connection(true, true)
                .end();

        assertThat(text())
                .isEqualTo("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-A: a b\r\nX-N: value\r\n"
                        + "X-B: value\r\nX-Number: 9223372036854775807\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void writesOneHeadBehindAnother() {
        head.begin(100).end();
        head.begin(204).end();

        assertThat(text()).startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nDate: ");
        head.clear();
        assertThat(head.length()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, ''",
        "true, false, 'Connection: close'",
        "false, false, 'Connection: close'",
        "false, true, 'Connection: keep-alive'"
    })
    void saysWhatBecomesOfTheConnection(boolean http11, boolean keepAlive, String line) {
        head.connection(http11, keepAlive);

        assertThat(text().strip()).isEqualTo(line);
    }

    @Test
    void growsWithWhatIsWritten() {
        byte[] body = "0123456789".repeat(1000).getBytes(ISO_8859_1);
        head.begin(200).field("X-Long", "x".repeat(5000)).chunked().end().append(body);

        assertThat(text()).contains("X-Long: " + "x".repeat(5000) + "\r\nTransfer-Encoding: chunked\r\n\r\n0123");
        assertThat(text()).endsWith("456789");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\rb", "\u0000", "\u007f", "\u0100", "\u010d\u010a"})
    void refusesToBeginAnotherLine(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> head.field("X", value));
        assertThatIllegalArgumentException().isThrownBy(() -> head.field(value, "x"));
        byte[] bytes = value.getBytes(ISO_8859_1);
        if (value.charAt(0) < 0x100) {
            assertThatIllegalArgumentException().isThrownBy(() -> head.field("X", bytes, 0, bytes.length));
            assertThatIllegalArgumentException().isThrownBy(() -> head.begin(200, bytes, 0, bytes.length));
            assertThatIllegalArgumentException().isThrownBy(() -> head.field(bytes, 0, bytes.length, 0, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 600, 1000})
    void refusesAStatusThatIsNone(int status) {
        assertThatIllegalArgumentException().isThrownBy(() -> head.begin(status));
        assertThatIllegalArgumentException().isThrownBy(() -> head.begin(status, new byte[0], 0, 0));
    }

    @Test
    void writesTheDateOfTheSecond() {
        assertThat(dateAt(0)).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
        assertThat(dateAt(999)).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
        assertThat(dateAt(1000)).isEqualTo("Thu, 01 Jan 1970 00:00:01 GMT");
        assertThat(dateAt(1_709_251_199_000L)).isEqualTo("Thu, 29 Feb 2024 23:59:59 GMT");
        assertThat(dateAt(1_709_251_200_000L)).isEqualTo("Fri, 01 Mar 2024 00:00:00 GMT");
        assertThat(dateAt(1_798_761_599_999L)).isEqualTo("Thu, 31 Dec 2026 23:59:59 GMT");
    }

    private String dateAt(long time) {
        millis.set(time);
        head.clear();
        head.begin(200);
        return text().lines().skip(1).findFirst().orElseThrow().substring("Date: ".length());
    }

    private String text() {
        return new String(head.bytes(), 0, head.length(), ISO_8859_1);
    }
}
