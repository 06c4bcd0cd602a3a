package baton.http;

import java.util.List;

/// Which header fields of a function's response reach the client: all but those of the connection and the
/// framing, which are the platform's (RFC 9110 §7.6.1), and those by which the platform speaks.
public final class FunctionFields {
    private static final String PLATFORM = "x-baton-";
    private static final List<String> KEPT_BACK = List.of(
            "connection",
            "content-length",
            "date",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "x-request-id");

    private FunctionFields() {}

    /// Whether a field is one by which the platform's own parts speak, which functions never see or set.
    public static boolean isPlatforms(byte[] buffer, int from, int to) {
        return to - from >= PLATFORM.length() && Octets.equalsLower(buffer, from, from + PLATFORM.length(), PLATFORM);
    }

    /// Whether the field whose name is a range of the buffer is passed on from a function to the client.
    public static boolean isPassed(byte[] buffer, int from, int to) {
        if (isPlatforms(buffer, from, to)) {
            return false;
        }
        for (String name : KEPT_BACK) {
            if (Octets.equalsLower(buffer, from, to, name)) {
                return false;
            }
        }
        return true;
    }
}
