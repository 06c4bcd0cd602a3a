package baton.log;

/// Writes JSON texts (RFC 8259 §7). Small and own, because the log imports nothing but the JDK.
public final class JsonText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonText() {}

    /// The text in quotes, with everything escaped that must be, and the control characters of terminals too.
    public static String quote(String text) {
        StringBuilder to = new StringBuilder(text.length() + 2);
        append(to, text);
        return to.toString();
    }

    static void append(StringBuilder to, String text) {
        to.append('"');
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                case '\t' -> to.append("\\t");
                default -> appendPlain(to, c);
            }
        }
        to.append('"');
    }

    /// Whether a character would act on a terminal instead of being shown.
    static boolean isControl(int c) {
        return c < 0x20 || isUpperControl(c);
    }

    private static boolean isUpperControl(int c) {
        return c >= 0x7f && c < 0xa0;
    }

    private static void appendPlain(StringBuilder to, char c) {
        if (isControl(c) || c == '\u2028' || c == '\u2029') {
            to.append("\\u").append(HEX[c >> 12]).append(HEX[c >> 8 & 15]);
            to.append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
        } else {
            to.append(c);
        }
    }
}
