package baton.http;

import baton.function.ErrorCode;

/// The head of an HTTP/1.1 request (RFC 9112 §2-§6), read strictly from a byte array without making objects:
/// what it finds are offsets into that array. One object is used again for every request of its thread.
public final class RequestHead {
    /// A head longer than this, from the request line to the empty line, is refused with 431.
    public static final int MAX_BYTES = 16 << 10;

    /// More header fields than this are refused with 431.
    public static final int MAX_FIELDS = 100;

    /// Reads a head.
    ///
    /// @return its length in bytes including the empty line; 0 when more bytes are needed; -1 when it is
    ///     malformed or over a limit, and then [#error] and [#errorDetail] say why
    public int parse(byte[] buffer, int from, int to) {
        return 0;
    }

    public ErrorCode error() {
        return ErrorCode.BAD_REQUEST;
    }

    public String errorDetail() {
        return "";
    }

    public int start() {
        return 0;
    }

    public int length() {
        return 0;
    }

    public int methodStart() {
        return 0;
    }

    public int methodEnd() {
        return 0;
    }

    /// Whole request target as sent.
    public int targetStart() {
        return 0;
    }

    public int targetEnd() {
        return 0;
    }

    /// Path of the target (in absolute form: behind the authority); `*` for `OPTIONS *`; empty range for
    /// CONNECT.
    public int pathStart() {
        return 0;
    }

    public int pathEnd() {
        return 0;
    }

    /// Query without the `?`, or an empty range.
    public int queryStart() {
        return 0;
    }

    public int queryEnd() {
        return 0;
    }

    /// The host (without the port) that the request names: of the absolute-form target if it is one, else of
    /// `Host`; empty range when there is none.
    public int hostStart() {
        return 0;
    }

    public int hostEnd() {
        return 0;
    }

    /// HTTP/1.1 or a later minor version; false for HTTP/1.0.
    public boolean http11() {
        return true;
    }

    /// Whether the connection may stay open after this request (RFC 9112 §9.3).
    public boolean keepAlive() {
        return true;
    }

    public boolean chunked() {
        return false;
    }

    /// Content-Length, or 0 when there is none.
    public long contentLength() {
        return 0;
    }

    public boolean hasContentLength() {
        return false;
    }

    /// `Expect: 100-continue` was sent (and the request is HTTP/1.1).
    public boolean expectContinue() {
        return false;
    }

    public boolean methodIs(String method) {
        return false;
    }

    /// Number of header fields.
    public int fields() {
        return 0;
    }

    public int nameStart(int field) {
        return 0;
    }

    public int nameEnd(int field) {
        return 0;
    }

    /// Value without the white space around it.
    public int valueStart(int field) {
        return 0;
    }

    public int valueEnd(int field) {
        return 0;
    }

    /// The first field of that name, in any case, or -1.
    ///
    /// @param lowerCaseName the name in lower case
    public int find(String lowerCaseName) {
        return -1;
    }

    /// Text of a range of the array that was parsed.
    public String text(int start, int end) {
        return "";
    }

    /// Shifts all offsets after the bytes were copied to another place.
    ///
    /// @param buffer the array that the offsets now refer to
    /// @param delta new start minus old start
    public void moved(byte[] buffer, int delta) {}
}
