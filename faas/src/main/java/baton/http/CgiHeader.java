package baton.http;

import org.jspecify.annotations.Nullable;

/// The header block that a function may put at the start of its output (RFC 3875 §6), read without making
/// objects. One object is used again for every response of its thread.
///
/// A block is lines `Name: value` that end with LF or CR LF, one of `Content-Type`, `Status` and `Location`
/// among them, and an empty line. Output that begins otherwise is body from its first byte.
public final class CgiHeader {
    /// A longer block is no block.
    public static final int MAX_BYTES = 8 << 10;

    /// A block with more fields is invalid.
    public static final int MAX_FIELDS = 64;

    /// What the start of an output is.
    public enum Outcome {
        /// No block: everything is body.
        BODY,
        /// Not to be told without more output; when there is none, everything is body.
        MORE,
        /// A block; everything from [CgiHeader#bodyStart] is body.
        BLOCK,
        /// A block that cannot be served; [CgiHeader#errorDetail] says why.
        INVALID
    }

    private static final int MORE = -1;
    private static final int NO_FIELD = -2;

    /// Per field: name start, name end, value start, value end.
    private final int[] places = new int[MAX_FIELDS * 4];

    private byte[] buffer = {};
    private int fields;
    private int bodyStart;
    private boolean known;
    private int status;
    private int reasonStart;
    private int reasonEnd;
    private int location;
    private int contentType;
    private @Nullable String errorDetail;

    /// Whether an output can begin a block, by its first byte: a cheap test before the bytes are gathered.
    public static boolean mayBegin(byte first) {
        int lower = Octets.lower(first);
        return lower >= 'a' && lower <= 'z';
    }

    /// Reads the block, if there is one, from the first bytes of an output.
    ///
    /// @param to end of the output so far; what is beyond [#MAX_BYTES] is not looked at
    public Outcome parse(byte[] buffer, int from, int to) {
        reset(buffer);
        int limit = Math.min(to, from + MAX_BYTES);
        if (from < limit && !mayBegin(buffer[from])) {
            return Outcome.BODY;
        }
        int at = from;
        while (at >= 0) {
            int empty = lineEnd(buffer, at, limit);
            if (empty >= 0) {
                bodyStart = empty;
                return known ? judge() : Outcome.BODY;
            }
            at = empty == NO_FIELD ? field(at, limit) : MORE;
        }
        return at == MORE && limit - from < MAX_BYTES ? Outcome.MORE : Outcome.BODY;
    }

    /// Where the body begins, after a block.
    public int bodyStart() {
        return bodyStart;
    }

    /// Status of the response: that of `Status`, 302 for a redirect without it, else 200; 0 for a local
    /// redirect.
    public int status() {
        return status;
    }

    /// Begins a response with the status and the reason that the function gave, or the standard one, and
    /// copies its fields. Left out are those of the connection and of the framing, which are the platform's,
    /// and those by which the platform speaks to clients.
    public void write(ResponseHead out) {
        if (reasonEnd > reasonStart) {
            out.begin(status, buffer, reasonStart, reasonEnd);
        } else {
            out.begin(status);
        }
        for (int i = 0; i < fields * 4; i += 4) {
            if (FunctionFields.isPassed(buffer, places[i], places[i + 1])) {
                out.field(buffer, places[i], places[i + 1], places[i + 2], places[i + 3]);
            }
        }
    }

    public boolean hasContentType() {
        return contentType >= 0;
    }

    /// Whether the response is the one to another request to this server, for the path and query between
    /// [#locationStart] and [#locationEnd] (RFC 3875 §6.2.2).
    public boolean isLocalRedirect() {
        return location >= 0 && status == 0;
    }

    public int locationStart() {
        return location < 0 ? 0 : places[location * 4 + 2];
    }

    public int locationEnd() {
        return location < 0 ? 0 : places[location * 4 + 3];
    }

    /// Why the block is invalid, as a sentence without a full stop.
    public String errorDetail() {
        return errorDetail == null ? "" : errorDetail;
    }

    private void reset(byte[] buffer) {
        this.buffer = buffer;
        fields = 0;
        bodyStart = 0;
        known = false;
        status = 0;
        reasonStart = 0;
        reasonEnd = 0;
        location = -1;
        contentType = -1;
        errorDetail = null;
    }

    /// The place behind a line end, if one is there.
    private static int lineEnd(byte[] buffer, int at, int limit) {
        if (at >= limit) {
            return MORE;
        }
        if (buffer[at] == Octets.LF) {
            return at + 1;
        }
        if (buffer[at] != Octets.CR) {
            return NO_FIELD;
        }
        if (at + 1 >= limit) {
            return MORE;
        }
        return buffer[at + 1] == Octets.LF ? at + 2 : NO_FIELD;
    }

    /// Reads a line.
    ///
    /// @return where the next one begins, or [#MORE], or [#NO_FIELD]
    private int field(int nameStart, int limit) {
        int at = nameStart;
        while (at < limit && Octets.is(buffer[at], Octets.TOKEN)) {
            at++;
        }
        if (at >= limit) {
            return MORE;
        }
        if (buffer[at] != ':' || at == nameStart) {
            return NO_FIELD;
        }
        int nameEnd = at;
        do {
            at++;
        } while (at < limit && Octets.isBlank(buffer[at]));
        int valueStart = at;
        int next;
        while (true) {
            at = Octets.valueEnd(buffer, at, limit);
            next = lineEnd(buffer, at, limit);
            if (next != NO_FIELD) {
                break;
            }
            fail("the function's header block holds a control character");
            at++;
        }
        if (next == MORE) {
            return MORE;
        }
        while (at > valueStart && Octets.isBlank(buffer[at - 1])) {
            at--;
        }
        take(nameStart, nameEnd, valueStart, at);
        return next;
    }

    private void take(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        boolean isStatus = Octets.equalsLower(buffer, nameStart, nameEnd, "status");
        boolean isLocation = Octets.equalsLower(buffer, nameStart, nameEnd, "location");
        boolean isType = Octets.equalsLower(buffer, nameStart, nameEnd, "content-type");
        known |= isStatus || isLocation || isType;
        if (isStatus) {
            status(valueStart, valueEnd);
            return;
        }
        if (fields == MAX_FIELDS) {
            fail("the function's header block has more than " + MAX_FIELDS + " fields");
            return;
        }
        if ((isLocation && location >= 0) || (isType && contentType >= 0)) {
            fail("the function's header block has " + (isType ? "Content-Type" : "Location") + " twice");
        }
        location = isLocation ? fields : location;
        contentType = isType ? fields : contentType;
        int i = fields++ * 4;
        places[i] = nameStart;
        places[i + 1] = nameEnd;
        places[i + 2] = valueStart;
        places[i + 3] = valueEnd;
    }

    /// Reads `Status`: three digits and, behind a space, a reason.
    private void status(int from, int to) {
        if (status != 0) {
            fail("the function's header block has Status twice");
            return;
        }
        int value = 0;
        int at = from;
        while (at < to && at < from + 3 && Octets.is(buffer[at], Octets.DIGIT)) {
            value = value * 10 + buffer[at] - '0';
            at++;
        }
        if (at - from != 3 || value < 200 || value > 599 || (at < to && !Octets.isBlank(buffer[at]))) {
            fail("the function's Status is not a number from 200 to 599, alone or before a reason");
            return;
        }
        status = value;
        reasonStart = Math.min(at + 1, to);
        reasonEnd = to;
    }

    /// Decides about a complete block.
    private Outcome judge() {
        if (location >= 0 && errorDetail == null) {
            judgeLocation();
        } else if (status == 0) {
            status = 200;
        }
        return errorDetail == null ? Outcome.BLOCK : Outcome.INVALID;
    }

    private void judgeLocation() {
        int from = locationStart();
        int to = locationEnd();
        if (from == to) {
            fail("the function's Location is empty");
        } else if (status == 0 && buffer[from] != '/') {
            status = 302;
        } else if (status == 0) {
            for (int at = from; at < to; at++) {
                if (!Octets.is(buffer[at], Octets.QUERY)) {
                    fail("the function's Location is not a path that can be requested");
                }
            }
        }
    }

    private void fail(String detail) {
        if (errorDetail == null) {
            errorDetail = detail;
        }
    }
}
