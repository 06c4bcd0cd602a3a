package baton.http;

/// Reads `host [":" port]` (RFC 3986 §3.2) without user information: the value of `Host`, the authority of an
/// absolute target, the target of CONNECT.
final class Authority {
    private static final int MAX_PORT = 65_535;

    private Authority() {}

    /// Finds where the host ends.
    ///
    /// @return the end of the host, the brackets of an IPv6 address included; -1 when the range is no
    ///     authority
    static int hostEnd(byte[] buffer, int from, int to) {
        int end = from < to && buffer[from] == '[' ? literalEnd(buffer, from, to) : nameEnd(buffer, from, to);
        return end >= 0 && portIsValid(buffer, end, to) ? end : -1;
    }

    private static int nameEnd(byte[] buffer, int from, int to) {
        int at = from;
        while (at < to) {
            if (Octets.is(buffer[at], Octets.REG_NAME)) {
                at++;
            } else if (isEscape(buffer, at, to)) {
                at += 3;
            } else {
                break;
            }
        }
        return at;
    }

    private static boolean isEscape(byte[] buffer, int at, int to) {
        return buffer[at] == '%'
                && at + 2 < to
                && Octets.is(buffer[at + 1], Octets.HEX)
                && Octets.is(buffer[at + 2], Octets.HEX);
    }

    /// End of an IPv6 address in brackets; the address itself is only checked for its characters.
    private static int literalEnd(byte[] buffer, int from, int to) {
        int at = from + 1;
        while (at < to && (Octets.is(buffer[at], Octets.HEX) || buffer[at] == ':' || buffer[at] == '.')) {
            at++;
        }
        return at < to && buffer[at] == ']' && at - from > 2 ? at + 1 : -1;
    }

    private static boolean portIsValid(byte[] buffer, int from, int to) {
        if (from == to) {
            return true;
        }
        if (buffer[from] != ':') {
            return false;
        }
        int port = 0;
        for (int at = from + 1; at < to; at++) {
            if (!Octets.is(buffer[at], Octets.DIGIT)) {
                return false;
            }
            port = port * 10 + buffer[at] - '0';
            if (port > MAX_PORT) {
                return false;
            }
        }
        return true;
    }
}
