package baton.http;

/// The request line (RFC 9112 §3): finds its parts as places in the array that is read. Belongs to one
/// [RequestHead] and its thread.
final class RequestLine {
    /// A longer request line, its CR LF included, is refused with 431.
    static final int MAX_BYTES = 8 << 10;

    /// Empty lines that may stand before it (RFC 9112 §2.2).
    static final int MAX_EMPTY_LINES = 4;

    /// What a step returns instead of the next place when the bytes end too early.
    static final int MORE = -1;

    /// What a step returns instead of the next place after it has set the fault.
    static final int FAILED = -2;

    private static final int TLS_HANDSHAKE = 0x16;

    /// What a version begins with; unlike a scheme it is case-sensitive (RFC 9112 §2.3).
    private static final String NAME = "HTTP/";

    int methodStart;
    int methodEnd;
    int targetStart;
    int targetEnd;
    int pathStart;
    int pathEnd;
    int queryStart;
    int queryEnd;
    /// Host of an absolute target, or -1.
    int hostStart;
    int hostEnd;
    boolean http11;
    Fault fault = Fault.METHOD;

    /// Reads the line and the empty lines before it.
    ///
    /// @param limit where the bytes, or those that a head may have, end
    /// @return where the header fields begin, or [#MORE] or [#FAILED]
    int parse(byte[] buffer, int from, int limit) {
        int start = skipEmptyLines(buffer, from, limit);
        if (start < 0) {
            return start;
        }
        int lineLimit = Math.min(limit, start + MAX_BYTES);
        int at = method(buffer, start, lineLimit);
        if (at >= 0) {
            at = target(buffer, at, lineLimit);
        }
        if (at >= 0) {
            at = version(buffer, at, lineLimit);
        }
        return at == MORE && lineLimit - start == MAX_BYTES ? fail(Fault.LINE_TOO_LONG) : at;
    }

    boolean methodIs(byte[] buffer, String method) {
        return equal(buffer, methodStart, methodEnd, method);
    }

    /// Follows the bytes to another place.
    void shift(int delta) {
        methodStart += delta;
        methodEnd += delta;
        targetStart += delta;
        targetEnd += delta;
        pathStart += delta;
        pathEnd += delta;
        queryStart += delta;
        queryEnd += delta;
        hostStart += hostStart < 0 ? 0 : delta;
        hostEnd += hostEnd < 0 ? 0 : delta;
    }

    private int skipEmptyLines(byte[] buffer, int from, int limit) {
        int at = from;
        for (int lines = 0; at < limit && buffer[at] == Octets.CR; lines++) {
            if (lines == MAX_EMPTY_LINES) {
                return fail(Fault.EMPTY_LINES);
            }
            at = lineFeed(buffer, at + 1, limit);
            if (at < 0) {
                return at;
            }
        }
        return at;
    }

    /// Expects the LF behind a CR.
    private int lineFeed(byte[] buffer, int at, int limit) {
        if (at >= limit) {
            return MORE;
        }
        return buffer[at] == Octets.LF ? at + 1 : fail(Fault.BARE_CR);
    }

    private int method(byte[] buffer, int start, int limit) {
        int at = start;
        while (at < limit && Octets.is(buffer[at], Octets.TOKEN)) {
            at++;
        }
        methodStart = start;
        methodEnd = at;
        if (at >= limit) {
            return MORE;
        }
        if (at > start) {
            return buffer[at] == Octets.SPACE ? at + 1 : fail(Fault.METHOD_END);
        }
        return switch (buffer[at]) {
            case TLS_HANDSHAKE -> fail(Fault.TLS);
            case Octets.LF -> fail(Fault.BARE_LF);
            default -> fail(Fault.METHOD);
        };
    }

    /// Reads the target up to the space behind it.
    ///
    /// @return the place behind that space
    private int target(byte[] buffer, int start, int limit) {
        targetStart = start;
        hostStart = -1;
        hostEnd = -1;
        if (start >= limit) {
            return MORE;
        }
        int at;
        if (methodIs(buffer, "CONNECT")) {
            at = authorityTarget(buffer, start, limit);
        } else if (buffer[start] == '/') {
            pathStart = start;
            at = path(buffer, start, limit);
        } else if (buffer[start] == '*') {
            at = asterisk(buffer, start, limit);
        } else {
            at = absolute(buffer, start, limit);
        }
        if (at < 0) {
            return at;
        }
        targetEnd = at;
        return switch (buffer[at]) {
            case Octets.SPACE -> at + 1;
            case Octets.CR, Octets.LF -> fail(Fault.VERSION);
            default -> fail(Fault.TARGET_OCTET);
        };
    }

    /// Reads a path and the query behind it, if there is one.
    ///
    /// @return the first place behind them, within the limit
    private int path(byte[] buffer, int from, int limit) {
        int at = from;
        while (at < limit) {
            if (buffer[at] == '%') {
                if (at + 2 < limit && buffer[at + 1] == '0' && buffer[at + 2] == '0') {
                    return fail(Fault.TARGET_NUL);
                }
            } else if (!Octets.is(buffer[at], Octets.PATH)) {
                break;
            }
            at++;
        }
        pathEnd = at;
        return query(buffer, at, limit);
    }

    private int query(byte[] buffer, int from, int limit) {
        int at = from;
        queryStart = at < limit && buffer[at] == '?' ? at + 1 : at;
        while (at < limit && Octets.is(buffer[at], Octets.QUERY)) {
            at++;
        }
        queryEnd = at;
        return at < limit ? at : MORE;
    }

    /// `*`, for OPTIONS, and for the preface of HTTP/2, which its version then gives away.
    private int asterisk(byte[] buffer, int at, int limit) {
        if (!methodIs(buffer, "OPTIONS") && !methodIs(buffer, "PRI")) {
            return fail(Fault.TARGET);
        }
        pathStart = at;
        pathEnd = at + 1;
        queryStart = at + 1;
        queryEnd = at + 1;
        return at + 1 < limit ? at + 1 : MORE;
    }

    private int authorityTarget(byte[] buffer, int start, int limit) {
        int at = start;
        while (at < limit && Octets.is(buffer[at], Octets.QUERY)) {
            at++;
        }
        if (at >= limit) {
            return MORE;
        }
        pathStart = at;
        pathEnd = at;
        queryStart = at;
        queryEnd = at;
        int end = Authority.hostEnd(buffer, start, at);
        return end > start && at - end >= 2 ? at : fail(Fault.CONNECT_TARGET);
    }

    private int absolute(byte[] buffer, int start, int limit) {
        int at = word(buffer, start, limit, "http");
        if (at >= 0 && at < limit && Octets.lower(buffer[at]) == 's') {
            at++;
        }
        if (at >= 0) {
            at = word(buffer, at, limit, "://");
        }
        if (at < 0) {
            return at == MORE ? MORE : fail(Fault.TARGET);
        }
        int authority = at;
        while (at < limit && buffer[at] != '/' && buffer[at] != '?' && Octets.is(buffer[at], Octets.QUERY)) {
            at++;
        }
        if (at >= limit) {
            return MORE;
        }
        int end = Authority.hostEnd(buffer, authority, at);
        if (end <= authority) {
            return fail(Fault.TARGET_AUTHORITY);
        }
        hostStart = authority;
        hostEnd = end;
        if (buffer[at] == '/') {
            pathStart = at;
            return path(buffer, at, limit);
        }
        // An empty path means "/" (RFC 9110 §4.2.3): the second slash of "://" stands for it.
        pathStart = authority - 1;
        pathEnd = authority;
        return query(buffer, at, limit);
    }

    private int version(byte[] buffer, int from, int limit) {
        int at = from;
        for (int i = 0; i < NAME.length(); i++, at++) {
            if (at >= limit) {
                return MORE;
            }
            if (buffer[at] != NAME.charAt(i)) {
                return fail(Fault.VERSION);
            }
        }
        for (int i = 0; i < 3 && at + i < limit; i++) {
            if (i == 1 ? buffer[at + 1] != '.' : !Octets.is(buffer[at + i], Octets.DIGIT)) {
                return fail(Fault.VERSION);
            }
        }
        if (at + 3 > limit) {
            return MORE;
        }
        if (buffer[at] != '1') {
            return fail(Fault.OTHER_VERSION);
        }
        http11 = buffer[at + 2] != '0';
        if (buffer[pathStart] == '*' && methodIs(buffer, "PRI")) {
            return fail(Fault.TARGET);
        }
        return lineEnd(buffer, at + 3, limit);
    }

    private int lineEnd(byte[] buffer, int at, int limit) {
        if (at >= limit) {
            return MORE;
        }
        return switch (buffer[at]) {
            case Octets.CR -> lineFeed(buffer, at + 1, limit);
            case Octets.LF -> fail(Fault.BARE_LF);
            default -> fail(Fault.VERSION);
        };
    }

    /// Expects a word in any case.
    private static int word(byte[] buffer, int from, int limit, String lowerCase) {
        for (int i = 0; i < lowerCase.length(); i++) {
            if (from + i >= limit) {
                return MORE;
            }
            if (Octets.lower(buffer[from + i]) != lowerCase.charAt(i)) {
                return FAILED;
            }
        }
        return from + lowerCase.length();
    }

    static boolean equal(byte[] buffer, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (buffer[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int fail(Fault found) {
        fault = found;
        return FAILED;
    }
}
