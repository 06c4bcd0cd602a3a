package baton.http;

import baton.function.ErrorCode;
import java.nio.charset.StandardCharsets;

/// The head of an HTTP/1.1 request (RFC 9112 §2-§6), read strictly from a byte array without making objects:
/// what it finds are offsets into that array. One object is used again for every request of its thread.
///
/// A fault is found as soon as the octet that makes it is there; how the bytes arrive in pieces changes no
/// result. After anything but a positive result only the error may be asked for.
public final class RequestHead {
    /// A head longer than this, from the request line to the empty line, is refused with 431.
    public static final int MAX_BYTES = 16 << 10;

    /// More header fields than this are refused with 431.
    public static final int MAX_FIELDS = 100;

    private final RequestLine line = new RequestLine();
    private final Framing framing = new Framing();
    /// Per field four places of 16 bits, counted from the start of the head: name start in the highest bits,
    /// name end, value start, value end.
    private final long[] places = new long[MAX_FIELDS];

    private byte[] buffer = {};
    private int start;
    private int length;
    private int fields;
    private Fault fault = Fault.METHOD;

    /// Reads a head.
    ///
    /// @return its length in bytes including the empty line; 0 when more bytes are needed; -1 when it is
    ///     malformed or over a limit, and then [#error] and [#errorDetail] say why
    public int parse(byte[] buffer, int from, int to) {
        this.buffer = buffer;
        start = from;
        fields = 0;
        length = 0;
        framing.reset();
        int limit = Math.min(to, from + MAX_BYTES);
        int end = line.parse(buffer, from, limit);
        if (end >= 0) {
            end = fields(buffer, end, limit);
        } else {
            fault = line.fault;
        }
        if (end == RequestLine.MORE) {
            if (limit - from < MAX_BYTES) {
                return 0;
            }
            fault = Fault.HEAD_TOO_LONG;
        }
        if (end < 0) {
            return -1;
        }
        length = end - from;
        return length;
    }

    public ErrorCode error() {
        return fault.code();
    }

    public String errorDetail() {
        return fault.detail();
    }

    public int start() {
        return start;
    }

    public int length() {
        return length;
    }

    public int methodStart() {
        return line.methodStart;
    }

    public int methodEnd() {
        return line.methodEnd;
    }

    /// Whole request target as sent.
    public int targetStart() {
        return line.targetStart;
    }

    public int targetEnd() {
        return line.targetEnd;
    }

    /// Path of the target (in absolute form: behind the authority); `*` for `OPTIONS *`; empty range for
    /// CONNECT.
    public int pathStart() {
        return line.pathStart;
    }

    public int pathEnd() {
        return line.pathEnd;
    }

    /// Query without the `?`, or an empty range.
    public int queryStart() {
        return line.queryStart;
    }

    public int queryEnd() {
        return line.queryEnd;
    }

    /// The host (without the port) that the request names: of the absolute-form target if it is one, else of
    /// `Host`; empty range when there is none.
    public int hostStart() {
        return line.hostStart >= 0 ? line.hostStart : Math.max(framing.hostStart, 0);
    }

    public int hostEnd() {
        return line.hostStart >= 0 ? line.hostEnd : Math.max(framing.hostEnd, 0);
    }

    /// HTTP/1.1 or a later minor version; false for HTTP/1.0.
    public boolean http11() {
        return line.http11;
    }

    /// Whether the connection may stay open after this request (RFC 9112 §9.3).
    public boolean keepAlive() {
        return framing.keepAlive(line.http11);
    }

    public boolean chunked() {
        return framing.chunked;
    }

    /// Content-Length, or 0 when there is none.
    public long contentLength() {
        return framing.contentLength;
    }

    public boolean hasContentLength() {
        return framing.hasContentLength;
    }

    /// `Expect: 100-continue` was sent (and the request is HTTP/1.1).
    public boolean expectContinue() {
        return framing.expectContinue;
    }

    public boolean methodIs(String method) {
        return line.methodIs(buffer, method);
    }

    /// Number of header fields.
    public int fields() {
        return fields;
    }

    public int nameStart(int field) {
        return start + (int) (places[field] >>> 48);
    }

    public int nameEnd(int field) {
        return start + ((int) (places[field] >>> 32) & 0xffff);
    }

    /// Value without the white space around it.
    public int valueStart(int field) {
        return start + ((int) places[field] >>> 16);
    }

    public int valueEnd(int field) {
        return start + ((int) places[field] & 0xffff);
    }

    /// The first field of that name, in any case, or -1.
    ///
    /// @param lowerCaseName the name in lower case
    public int find(String lowerCaseName) {
        for (int field = 0; field < fields; field++) {
            if (Octets.equalsLower(buffer, nameStart(field), nameEnd(field), lowerCaseName)) {
                return field;
            }
        }
        return -1;
    }

    /// Text of a range of the array that was parsed; one character per octet (ISO 8859-1).
    public String text(int start, int end) {
        return new String(buffer, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /// Shifts all offsets after the bytes were copied to another place.
    ///
    /// @param buffer the array that the offsets now refer to
    /// @param delta new start minus old start
    public void moved(byte[] buffer, int delta) {
        this.buffer = buffer;
        start += delta;
        line.shift(delta);
        framing.shift(delta);
    }

    /// Reads the header fields and the empty line behind them.
    private int fields(byte[] buffer, int from, int limit) {
        int at = from;
        while (at < limit && buffer[at] != Octets.CR) {
            if (fields == MAX_FIELDS) {
                return fail(Fault.TOO_MANY_FIELDS);
            }
            at = field(buffer, at, limit);
            if (at < 0) {
                return at;
            }
        }
        if (limit - at < 2) {
            return RequestLine.MORE;
        }
        if (buffer[at + 1] != Octets.LF) {
            return fail(Fault.BARE_CR);
        }
        Fault found = framing.end(line.http11);
        return found == null ? at + 2 : fail(found);
    }

    /// Reads one header field with its line end.
    private int field(byte[] buffer, int nameStart, int limit) {
        int at = nameStart;
        while (at < limit && Octets.is(buffer[at], Octets.TOKEN)) {
            at++;
        }
        if (at >= limit) {
            return RequestLine.MORE;
        }
        if (buffer[at] != ':' || at == nameStart) {
            return fail(nameFault(buffer[at], at == nameStart));
        }
        int nameEnd = at;
        do {
            at++;
        } while (at < limit && Octets.isBlank(buffer[at]));
        int valueStart = at;
        at = Octets.valueEnd(buffer, at, limit);
        if (at >= limit) {
            return RequestLine.MORE;
        }
        if (buffer[at] != Octets.CR) {
            return fail(buffer[at] == Octets.LF ? Fault.BARE_LF : Fault.VALUE);
        }
        if (at + 1 >= limit) {
            return RequestLine.MORE;
        }
        if (buffer[at + 1] != Octets.LF) {
            return fail(Fault.BARE_CR);
        }
        int valueEnd = at;
        while (valueEnd > valueStart && Octets.isBlank(buffer[valueEnd - 1])) {
            valueEnd--;
        }
        Fault found = framing.field(buffer, nameStart, nameEnd, valueStart, valueEnd, line.http11);
        if (found != null) {
            return fail(found);
        }
        places[fields++] = (long) (nameStart - start) << 48
                | (long) (nameEnd - start) << 32
                | (long) (valueStart - start) << 16
                | valueEnd - start;
        return at + 2;
    }

    private static Fault nameFault(byte octet, boolean first) {
        if (octet == Octets.LF) {
            return Fault.BARE_LF;
        }
        if (Octets.isBlank(octet)) {
            return first ? Fault.FOLDED : Fault.SPACE_BEFORE_COLON;
        }
        return Fault.NAME;
    }

    private int fail(Fault found) {
        fault = found;
        return RequestLine.FAILED;
    }
}
