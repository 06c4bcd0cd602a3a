package baton.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgiHeaderTest {
    private static final String DATE = "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n";

    private final CgiHeader header = new CgiHeader();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "{\"a\": 1}",
                "\n\nContent-Type: a/b\n\n",
                " Content-Type: a/b\n\n",
                "Hello from FAAS!\n",
                "Note: no known name\n\nbody",
                "Content-Type : a/b\n\n",
                "Content-Type\n\n",
                "Content-Type: a/b\nno field\n\n",
                "Content-Type: a/b\n folded\n\n",
                "Content-Type: a/b\n: x\n\n",
                "Note: Content-Type: a/b\n\n",
                "Content-Type: a/b\n\r\rx"
            })
    void leavesOtherOutputAlone(String output) {
        assertThat(parse(output)).isEqualTo(CgiHeader.Outcome.BODY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "C", "Content-Type: a/b", "Content-Type: a/b\r", "Content-Type: a/b\n", "Status: 200\n\r"})
    void waitsForTheEmptyLine(String output) {
        assertThat(parse(output)).isEqualTo(CgiHeader.Outcome.MORE);
    }

    @Test
    void readsABlockInEitherLineEnding() {
        for (String end : new String[] {"\n", "\r\n"}) {
            String block =
                    "Status: 404 Nothing here" + end + "content-type:\ttext/plain \t" + end + "X-A: b c" + end + end;
            assertThat(parse(block + "body")).isEqualTo(CgiHeader.Outcome.BLOCK);
            assertThat(header.bodyStart()).isEqualTo(block.length() + 3);
            assertThat(header.status()).isEqualTo(404);
            assertThat(header.hasContentType()).isTrue();
            assertThat(header.isLocalRedirect()).isFalse();
            assertThat(written())
                    .isEqualTo("HTTP/1.1 404 Nothing here\r\n" + DATE + "content-type: text/plain\r\nX-A: b c\r\n");
        }
    }

    @Test
    void takesOtherFieldsBeforeTheKnownOne() {
        assertThat(parse("Set-Cookie: a=b\nCache-Control: no-store\nSet-Cookie: c=d\nContent-Type: a/b\n\n"))
                .isEqualTo(CgiHeader.Outcome.BLOCK);
        assertThat(written())
                .isEqualTo("HTTP/1.1 200 OK\r\n" + DATE + "Set-Cookie: a=b\r\nCache-Control: no-store\r\n"
                        + "Set-Cookie: c=d\r\nContent-Type: a/b\r\n");
    }

    @ParameterizedTest
    @CsvSource({"200,OK", "201,Created", "404,Not Found", "599,Server Error", "299,Success"})
    void addsTheStandardReason(int status, String reason) {
        assertThat(parse("Status: " + status + "\n\n")).isEqualTo(CgiHeader.Outcome.BLOCK);
        assertThat(header.hasContentType()).isFalse();
        assertThat(written()).startsWith("HTTP/1.1 " + status + " " + reason + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Status:\n\n",
                "Status: OK\n\n",
                "Status: 20\n\n",
                "Status: 2000\n\n",
                "Status: 200OK\n\n",
                "Status: 000\n\n",
                "Status: 100\n\n",
                "Status: 101 Switching Protocols\n\n",
                "Status: 199\n\n",
                "Status: 600\n\n",
                "Status: -20\n\n",
                "Status: 200\nStatus: 200\n\n",
                "Content-Type: a\nContent-Type: b\n\n",
                "Location: /a\nLocation: /b\n\n",
                "Location:\n\n",
                "Location: /a b\n\n",
                "Location: /a#b\n\n",
                "Location: /\u00e9\n\n",
                "Content-Type: a\rSet-Cookie: b\n\n",
                "Content-Type: a\nX: b\r\rc\n\n",
                "Content-Type: a\u0000b\n\n",
                "X: \u0007\nContent-Type: a\n\n"
            })
    void refusesABlockThatCannotBeServed(String output) {
        assertThat(parse(output)).isEqualTo(CgiHeader.Outcome.INVALID);
        assertThat(header.errorDetail()).isNotEmpty();
    }

    @Test
    void keepsBackWhatIsThePlatforms() {
        assertThat(parse("Content-Type: a\nConnection: close\nTRANSFER-ENCODING: chunked\nContent-Length: 7\n"
                        + "Keep-Alive: 5\nUpgrade: h2c\nTrailer: X\nTE: x\nDate: now\nX-Request-Id: 1\n"
                        + "X-Baton-Error: TRAP\nX-Batons: 1\n\n"))
                .isEqualTo(CgiHeader.Outcome.BLOCK);
        assertThat(written()).isEqualTo("HTTP/1.1 200 OK\r\n" + DATE + "Content-Type: a\r\nX-Batons: 1\r\n");
    }

    @Test
    void servesAPathInside() {
        String block = "Location: /other?a=b%20c\n\n";
        assertThat(parse(block)).isEqualTo(CgiHeader.Outcome.BLOCK);
        assertThat(header.isLocalRedirect()).isTrue();
        assertThat(block.substring(header.locationStart() - 3, header.locationEnd() - 3))
                .isEqualTo("/other?a=b%20c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Location: https://a.example/b#c|302 Found",
                "Location: other.html|302 Found",
                "Status: 301\\nLocation: https://a.example/|301 Moved Permanently",
                "Location: /login\\nStatus: 303|303 See Other",
                "Location: /new\\nStatus: 201|201 Created"
            })
    void sendsOtherLocationsToTheClient(String block, String status) {
        assertThat(parse(block.replace("\\n", "\n") + "\n\n")).isEqualTo(CgiHeader.Outcome.BLOCK);
        assertThat(header.isLocalRedirect()).isFalse();
        assertThat(written()).startsWith("HTTP/1.1 " + status + "\r\n").contains("Location: ");
    }

    @Test
    void boundsTheBlock() {
        String field = "X: " + "x".repeat(60) + "\n";
        String fits = "Status: 200\n" + field.repeat(CgiHeader.MAX_FIELDS);
        assertThat(parse(fits + "\n")).isEqualTo(CgiHeader.Outcome.BLOCK);
        assertThat(parse(fits + field + "\n")).isEqualTo(CgiHeader.Outcome.INVALID);
        assertThat(parse("Status: 200\nX: " + "x".repeat(CgiHeader.MAX_BYTES) + "\n\n"))
                .isEqualTo(CgiHeader.Outcome.BODY);
    }

    @Test
    void readsTheSameHoweverItArrives() {
        String output = "Status: 200 Fine\r\nX: y\nContent-Type: a/b\r\n\r\nbody";
        int end = output.length() - 4;
        for (int length = 0; length < end; length++) {
            assertThat(parse(output.substring(0, length))).isEqualTo(CgiHeader.Outcome.MORE);
        }
        for (int length = end; length <= output.length(); length++) {
            assertThat(parse(output.substring(0, length))).isEqualTo(CgiHeader.Outcome.BLOCK);
        }
    }

    @Test
    void tellsByTheFirstByteWhatCannotBeABlock() {
        for (char c : "<{[ \n\r\t\u0000\u00e9-0\"".toCharArray()) {
            assertThat(CgiHeader.mayBegin((byte) c)).isFalse();
        }
        for (char c : "CcSsLlXzAa".toCharArray()) {
            assertThat(CgiHeader.mayBegin((byte) c)).isTrue();
        }
    }

    /// Parses at an offset of three bytes.
    private CgiHeader.Outcome parse(String output) {
        byte[] bytes = ("..." + output).getBytes(ISO_8859_1);
        return header.parse(bytes, 3, bytes.length);
    }

    private String written() {
        ResponseHead out = new ResponseHead(() -> 0);
        header.write(out);
        return new String(out.bytes(), 0, out.length(), ISO_8859_1);
    }
}
