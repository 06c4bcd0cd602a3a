package baton.http;

import org.jspecify.annotations.Nullable;

/// What the header fields say about the message and its connection: host, length, coding, persistence,
/// expectation (RFC 9112 §3.2, §6, §9.3; RFC 9110 §10.1.1). Belongs to one [RequestHead] and its thread.
final class Framing {
    /// The longest body that can be told apart from an overflow.
    static final long MAX_CONTENT_LENGTH = 1L << 62;

    /// Value of `Host` without the port, or -1.
    int hostStart;
    int hostEnd;
    boolean hasContentLength;
    long contentLength;
    boolean chunked;
    boolean expectContinue;
    private boolean close;
    private boolean keepAlive;

    void reset() {
        hostStart = -1;
        hostEnd = -1;
        hasContentLength = false;
        contentLength = 0;
        chunked = false;
        expectContinue = false;
        close = false;
        keepAlive = false;
    }

    /// Takes note of a header field.
    ///
    /// @return what is wrong with it, or null
    @Nullable
    Fault field(byte[] buffer, int nameStart, int nameEnd, int from, int to, boolean http11) {
        return switch (nameEnd - nameStart) {
            case 4 -> Octets.equalsLower(buffer, nameStart, nameEnd, "host") ? host(buffer, from, to) : null;
            case 6 ->
                Octets.equalsLower(buffer, nameStart, nameEnd, "expect") ? expect(buffer, from, to, http11) : null;
            case 10 -> {
                if (Octets.equalsLower(buffer, nameStart, nameEnd, "connection")) {
                    connection(buffer, from, to);
                }
                yield null;
            }
            case 14 ->
                Octets.equalsLower(buffer, nameStart, nameEnd, "content-length") ? length(buffer, from, to) : null;
            case 17 ->
                Octets.equalsLower(buffer, nameStart, nameEnd, "transfer-encoding")
                        ? coding(buffer, from, to, http11)
                        : null;
            default -> null;
        };
    }

    /// Judges the head as a whole, after its last field.
    @Nullable
    Fault end(boolean http11) {
        return http11 && hostStart < 0 ? Fault.NO_HOST : null;
    }

    boolean keepAlive(boolean http11) {
        return !close && (http11 || keepAlive);
    }

    void shift(int delta) {
        hostStart += hostStart < 0 ? 0 : delta;
        hostEnd += hostEnd < 0 ? 0 : delta;
    }

    private @Nullable Fault host(byte[] buffer, int from, int to) {
        if (hostStart >= 0) {
            return Fault.SECOND_HOST;
        }
        hostStart = from;
        hostEnd = Authority.hostEnd(buffer, from, to);
        return hostEnd < 0 ? Fault.HOST : null;
    }

    private @Nullable Fault expect(byte[] buffer, int from, int to, boolean http11) {
        if (!Octets.equalsLower(buffer, from, to, "100-continue")) {
            return Fault.EXPECTATION;
        }
        expectContinue = http11;
        return null;
    }

    private void connection(byte[] buffer, int from, int to) {
        int at = from;
        while (at < to) {
            int end = comma(buffer, at, to);
            int start = skipBlanks(buffer, at, end);
            int last = trim(buffer, start, end);
            close |= Octets.equalsLower(buffer, start, last, "close");
            keepAlive |= Octets.equalsLower(buffer, start, last, "keep-alive");
            at = end + 1;
        }
    }

    private @Nullable Fault length(byte[] buffer, int from, int to) {
        if (hasContentLength) {
            return Fault.SECOND_LENGTH;
        }
        if (chunked) {
            return Fault.LENGTH_AND_CODING;
        }
        if (from == to) {
            return Fault.LENGTH;
        }
        long value = 0;
        for (int at = from; at < to; at++) {
            if (!Octets.is(buffer[at], Octets.DIGIT) || value > MAX_CONTENT_LENGTH / 10) {
                return Fault.LENGTH;
            }
            value = value * 10 + buffer[at] - '0';
        }
        if (value > MAX_CONTENT_LENGTH) {
            return Fault.LENGTH;
        }
        hasContentLength = true;
        contentLength = value;
        return null;
    }

    private @Nullable Fault coding(byte[] buffer, int from, int to, boolean http11) {
        if (!http11) {
            return Fault.CODING_IN_HTTP10;
        }
        if (chunked) {
            return Fault.SECOND_CODING;
        }
        if (hasContentLength) {
            return Fault.LENGTH_AND_CODING;
        }
        if (!Octets.equalsLower(buffer, from, to, "chunked")) {
            return endsChunked(buffer, from, to) ? Fault.OTHER_CODING : Fault.CODING;
        }
        chunked = true;
        return null;
    }

    /// Whether a list of codings ends with `chunked` and has it nowhere else.
    private static boolean endsChunked(byte[] buffer, int from, int to) {
        boolean last = false;
        for (int at = from; at <= to; ) {
            int end = comma(buffer, at, to);
            int start = skipBlanks(buffer, at, end);
            int stop = trim(buffer, start, end);
            if (last || start == stop) {
                return false;
            }
            last = Octets.equalsLower(buffer, start, stop, "chunked");
            at = end + 1;
        }
        return last;
    }

    private static int comma(byte[] buffer, int from, int to) {
        int at = from;
        while (at < to && buffer[at] != ',') {
            at++;
        }
        return at;
    }

    private static int skipBlanks(byte[] buffer, int from, int to) {
        int at = from;
        while (at < to && Octets.isBlank(buffer[at])) {
            at++;
        }
        return at;
    }

    private static int trim(byte[] buffer, int from, int to) {
        int end = to;
        while (end > from && Octets.isBlank(buffer[end - 1])) {
            end--;
        }
        return end;
    }
}
