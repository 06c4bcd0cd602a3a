package baton.http;

import baton.function.ErrorCode;
import java.nio.charset.StandardCharsets;

/// The platform's own answer to a request that failed: a JSON object with a sentence and a code, and the
/// code in
/// `X-Baton-Error`.
public final class ErrorResponse {
    private ErrorResponse() {}

    /// Writes the whole response.
    ///
    /// @param sentence what happened and what helps, for a person
    /// @param http11 whether the client speaks HTTP/1.1
    /// @param withBody false for a HEAD request, whose response has the length but not the body
    public static void write(
            ResponseHead out, ErrorCode code, String sentence, boolean http11, boolean keepAlive, boolean withBody) {
        begin(out, code);
        out.connection(http11, keepAlive);
        end(out, code, sentence, withBody);
    }

    /// Writes the status line and the fields that every error has; the caller may add more.
    public static void begin(ResponseHead out, ErrorCode code) {
        out.begin(code.status());
        out.field("Content-Type", "application/json");
        out.field("X-Baton-Error", code.name());
        if (code.status() == 429 || code.status() == 503) {
            out.field("Retry-After", 1);
        }
    }

    /// Ends the head that [#begin] began, and writes the body.
    public static void end(ResponseHead out, ErrorCode code, String sentence, boolean withBody) {
        byte[] body = body(code, sentence);
        out.contentLength(body.length).end();
        if (withBody) {
            out.append(body);
        }
    }

    /// The JSON object, in UTF-8.
    public static byte[] body(ErrorCode code, String sentence) {
        StringBuilder json = new StringBuilder(sentence.length() + 64);
        json.append("{\"ok\":false,\"error\":\"");
        for (int i = 0; i < sentence.length(); i++) {
            escape(sentence, i, json);
        }
        json.append("\",\"code\":\"").append(code.name()).append("\"}\n");
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Appends one character as it may stand in a JSON string (RFC 8259 §7); half a surrogate pair becomes
    /// U+FFFD.
    private static void escape(String text, int at, StringBuilder json) {
        char c = text.charAt(at);
        switch (c) {
            case '"' -> json.append("\\\"");
            case '\\' -> json.append("\\\\");
            case '\n' -> json.append("\\n");
            case '\r' -> json.append("\\r");
            case '\t' -> json.append("\\t");
            default -> {
                if (c < ' ' || c == 0x7f) {
                    json.append("\\u00").append(hexDigit(c >> 4)).append(hexDigit(c));
                } else {
                    json.append(isHalf(text, at) ? '\ufffd' : c);
                }
            }
        }
    }

    private static char hexDigit(int value) {
        return Character.forDigit(value & 0xf, 16);
    }

    private static boolean isHalf(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
