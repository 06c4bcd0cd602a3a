package baton.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import baton.function.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorResponseTest {
    private final ResponseHead out = new ResponseHead(() -> 0);

    @Test
    void answersWithSentenceAndCode() {
        ErrorResponse.write(out, ErrorCode.NO_FUNCTION, "no function 'x'", true, true, true);

        String body = "{\"ok\":false,\"error\":\"no function 'x'\",\"code\":\"NO_FUNCTION\"}\n";
        assertThat(text())
                .isEqualTo("HTTP/1.1 404 Not Found\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                        + "Content-Type: application/json\r\nX-Baton-Error: NO_FUNCTION\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    @Test
    void leavesTheBodyOutForHead() {
        ErrorResponse.write(out, ErrorCode.NO_FUNCTION, "no function 'x'", true, false, false);

        assertThat(text()).endsWith("Connection: close\r\nContent-Length: 60\r\n\r\n");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void asksForARetryWhenThePlatformIsBusy(ErrorCode code) {
        ErrorResponse.write(out, code, "x", true, true, true);

        boolean later = code.status() == 429 || code.status() == 503;
        assertThat(text().contains("\r\nRetry-After: 1\r\n")).isEqualTo(later);
        assertThat(text())
                .startsWith("HTTP/1.1 " + code.status() + " ")
                .contains("\r\nX-Baton-Error: " + code + "\r\n");
    }

    @Test
    void escapesTheSentence() {
        String sentence = "\"\\/\b\f\n\r\t\u0000\u001f\u007f é € 😀 </script> \u2028";
        String json = new String(ErrorResponse.body(ErrorCode.TRAP, sentence), UTF_8);

        assertThat(json)
                .isEqualTo("{\"ok\":false,\"error\":\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0000\\u001f\\u007f"
                        + " é € 😀 </script> \u2028\",\"code\":\"TRAP\"}\n");
    }

    @Test
    void replacesHalfACharacter() {
        String json = new String(ErrorResponse.body(ErrorCode.TRAP, "a\ud83d b\ude00 \ud83d"), UTF_8);

        assertThat(json).contains("\"a\ufffd b\ufffd \ufffd\"");
    }

    private String text() {
        return new String(out.bytes(), 0, out.length(), UTF_8);
    }
}
