package baton.host;

import static baton.host.HostProtocol.i32;
import static baton.host.HostProtocol.u16;

/// Reads the frames that a host sends on one connection. Bytes are put into [#buffer] (or given to [#feed])
/// as they come; [#next] then finds one frame after another. What it finds are offsets into that buffer,
/// which hold until bytes are put in again. The host runs untrusted code, so everything is checked before it
/// is told. Owned by one thread.
public final class HostResponseReader {
    /// What [#next] found.
    public enum Progress {
        /// A whole frame.
        FRAME,
        /// More bytes are needed.
        MORE,
        /// The host broke the protocol: [HostResponseReader#errorDetail] says how, and the connection is of
        /// no further use.
        MALFORMED
    }

    private static final int INITIAL_BYTES = 64 << 10;
    private static final int MIN_STATUS = 200;
    private static final int MAX_STATUS = 599;
    private static final HostAnswer[] ANSWERS = HostAnswer.values();
    private static final HostMode[] MODES = HostMode.values();

    private final long maxFrameBytes;
    private byte[] buffer = new byte[INITIAL_BYTES];
    private int read;
    private int written;
    private boolean greeted;
    private String errorDetail = "";

    private int start;
    private int end;
    private HostAnswer answer = HostAnswer.HELLO;
    private HostMode mode = HostMode.BROKEN;
    private int fields;
    private int stderrStart;
    private int bodyStart;
    private final int[] offsets = new int[4 * HostProtocol.MAX_FIELDS];

    /// @param outputLimit the largest response body that any request on the connection allows
    public HostResponseReader(long outputLimit) {
        maxFrameBytes = HostProtocol.ANSWER_FIXED
                + HostProtocol.MAX_FIELD_BYTES
                + HostProtocol.MAX_STDERR_BYTES
                + Math.max(outputLimit, INITIAL_BYTES);
    }

    /// Where to put bytes, from [#position] on; call [#ensure] before and [#advance] after.
    public byte[] buffer() {
        return buffer;
    }

    public int position() {
        return written;
    }

    /// Makes room for further bytes. Offsets of the last frame are no longer valid afterwards.
    public void ensure(int more) {
        int pending = written - read;
        if (pending == 0 && buffer.length > INITIAL_BYTES && more <= INITIAL_BYTES) {
            buffer = new byte[INITIAL_BYTES]; // one large answer is no reason to keep so much
        } else if (written + more <= buffer.length) {
            return;
        } else if (pending + more <= buffer.length) {
            System.arraycopy(buffer, read, buffer, 0, pending);
        } else {
            byte[] grown = new byte
                    [(int) Math.min(
                            Integer.MAX_VALUE - 8,
                            Math.max(pending + (long) more, Math.min(2L * buffer.length, maxFrameBytes)))];
            System.arraycopy(buffer, read, grown, 0, pending);
            buffer = grown;
        }
        read = 0;
        written = pending;
    }

    /// Says that bytes were put in.
    public void advance(int count) {
        written += count;
    }

    /// Puts bytes in.
    public void feed(byte[] source, int from, int to) {
        ensure(to - from);
        System.arraycopy(source, from, buffer, written, to - from);
        advance(to - from);
    }

    /// Goes to the next frame.
    public Progress next() {
        if (!errorDetail.isEmpty()) {
            return Progress.MALFORMED;
        }
        if (written - read < 4) {
            return Progress.MORE;
        }
        long length = 4 + (i32(buffer, read) & 0xffffffffL);
        if (length < HostProtocol.ANSWER_FIXED || length > maxFrameBytes) {
            return malformed("a frame of " + length + " bytes, at most " + maxFrameBytes + " are allowed");
        }
        if (written - read < length) {
            return Progress.MORE;
        }
        start = read;
        end = read + (int) length;
        read = end;
        return parse();
    }

    private Progress parse() {
        int kind = buffer[start + 8] & 0xff;
        if (kind >= ANSWERS.length) {
            return malformed("unknown kind of frame " + kind);
        }
        answer = ANSWERS[kind];
        if ((answer == HostAnswer.HELLO) == greeted) {
            return malformed(greeted ? "a second HELLO" : "first frame is " + answer + ", not HELLO");
        }
        greeted = true;
        if (answer == HostAnswer.HELLO && !hello()) {
            return Progress.MALFORMED;
        }
        if (answer == HostAnswer.OK && (status() < MIN_STATUS || status() > MAX_STATUS)) {
            return malformed("status " + status() + ", must be 200 to 599");
        }
        long fieldBytes = i32(buffer, start + 20) & 0xffffffffL;
        long stderrBytes = i32(buffer, start + 24) & 0xffffffffL;
        fields = u16(buffer, start + 16);
        if (fieldBytes > HostProtocol.MAX_FIELD_BYTES || fields > HostProtocol.MAX_FIELDS) {
            return malformed(fields + " header fields in " + fieldBytes + " bytes");
        }
        if (stderrBytes > HostProtocol.MAX_STDERR_BYTES) {
            return malformed("stderr of " + stderrBytes + " bytes");
        }
        if (HostProtocol.ANSWER_FIXED + fieldBytes + stderrBytes > end - start) {
            return malformed("parts are longer than their frame");
        }
        stderrStart = start + HostProtocol.ANSWER_FIXED + (int) fieldBytes;
        bodyStart = stderrStart + (int) stderrBytes;
        return locateFields() ? Progress.FRAME : Progress.MALFORMED;
    }

    private boolean hello() {
        int version = u16(buffer, start + 10);
        if (version != HostProtocol.VERSION) {
            malformed("the host speaks version " + version + ", not " + HostProtocol.VERSION);
            return false;
        }
        int number = (buffer[start + 9] & 0xff) - 1;
        if (number < 0 || number >= MODES.length) {
            malformed("unknown mode " + (number + 1));
            return false;
        }
        mode = MODES[number];
        return true;
    }

    private boolean locateFields() {
        int at = start + HostProtocol.ANSWER_FIXED;
        for (int i = 0; i < fields; i++) {
            if (at + 4 > stderrStart) {
                return reject("header field " + i + " is longer than the frame says");
            }
            int nameStart = at + 4;
            int valueStart = nameStart + u16(buffer, at);
            int valueEnd = valueStart + u16(buffer, at + 2);
            if (valueEnd > stderrStart) {
                return reject("header field " + i + " is longer than the frame says");
            }
            if (!isToken(nameStart, valueStart) || !isValue(valueStart, valueEnd)) {
                return reject("header field " + i + " has characters that HTTP forbids");
            }
            offsets[4 * i] = nameStart;
            offsets[4 * i + 1] = valueStart;
            offsets[4 * i + 2] = valueStart;
            offsets[4 * i + 3] = valueEnd;
            at = valueEnd;
        }
        return at == stderrStart || reject("bytes behind the last header field");
    }

    /// Whether the range is a token (RFC 9110 §5.6.2).
    private boolean isToken(int from, int to) {
        for (int i = from; i < to; i++) {
            int c = buffer[i];
            boolean letterOrDigit = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && (c <= 0 || "!#$%&'*+-.^_`|~".indexOf(c) < 0)) {
                return false;
            }
        }
        return from < to;
    }

    /// Whether the range can be a field value (RFC 9110 §5.5): nothing that could end the line.
    private boolean isValue(int from, int to) {
        for (int i = from; i < to; i++) {
            int c = buffer[i] & 0xff;
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private boolean reject(String detail) {
        malformed(detail);
        return false;
    }

    private Progress malformed(String detail) {
        errorDetail = "the host broke the protocol: " + detail;
        return Progress.MALFORMED;
    }

    /// After [Progress#MALFORMED]: what was wrong, as a sentence.
    public String errorDetail() {
        return errorDetail;
    }

    public HostAnswer answer() {
        return answer;
    }

    /// Said by the first frame.
    public HostMode mode() {
        return mode;
    }

    public int id() {
        return i32(buffer, start + 4);
    }

    /// Of [HostAnswer#OK]: 200 to 599.
    public int status() {
        return u16(buffer, start + 10);
    }

    /// Exit code of a script; of [HostAnswer#HELLO]: the process id.
    public int exitCode() {
        return i32(buffer, start + 12);
    }

    /// Number of header fields.
    public int fields() {
        return fields;
    }

    public int nameStart(int field) {
        return offsets[4 * field];
    }

    public int nameEnd(int field) {
        return offsets[4 * field + 1];
    }

    public int valueStart(int field) {
        return offsets[4 * field + 2];
    }

    public int valueEnd(int field) {
        return offsets[4 * field + 3];
    }

    public int stderrStart() {
        return stderrStart;
    }

    public int stderrEnd() {
        return bodyStart;
    }

    /// Bytes of stderr that the host did not keep.
    public long stderrDropped() {
        return i32(buffer, start + 28) & 0xffffffffL;
    }

    public int bodyStart() {
        return bodyStart;
    }

    public int bodyEnd() {
        return end;
    }
}
