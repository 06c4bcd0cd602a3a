package baton.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Reads HTTP/1.1 responses from bytes as they come (RFC 9112 §6), keeping nothing but what a load run
/// counts.
///
/// ```
/// HEAD ─► SIZED ──────────────────────────► DONE
///   ├───► CHUNK_LINE ◄─► CHUNK_DATA          ▲
///   │         └────────► TRAILER ────────────┤
///   └───► UNTIL_CLOSE ─────(close)───────────┘
/// ```
///
/// Owned by the loop of its connection.
final class ResponseReader {
    private static final int MAX_LINE_BYTES = 16 << 10;
    private static final int MAX_LINES = 256;

    private enum State {
        HEAD,
        SIZED,
        CHUNK_LINE,
        CHUNK_DATA,
        TRAILER,
        UNTIL_CLOSE,
        DONE
    }

    private final byte[] line = new byte[MAX_LINE_BYTES];
    private State state = State.HEAD;
    private int lineLength;
    private int lines;
    private int status;
    private long left;
    private boolean sized;
    private boolean chunked;
    private boolean closing;
    private String errorCode = "";

    /// Begins the next response.
    void reset() {
        state = State.HEAD;
        lineLength = 0;
        lines = 0;
        status = 0;
        left = 0;
        sized = false;
        chunked = false;
        closing = false;
        errorCode = "";
    }

    int status() {
        return status;
    }

    /// Value of `X-Baton-Error`, or an empty string.
    String errorCode() {
        return errorCode;
    }

    /// Whether the server closes the connection after this response.
    boolean isClosing() {
        return closing;
    }

    /// Whether the close that just happened ends the response as it should.
    boolean endsAtClose() {
        return state == State.UNTIL_CLOSE;
    }

    /// Takes what has arrived.
    ///
    /// @return whether the response is whole
    /// @throws IOException when it is not HTTP/1.1
    boolean feed(ByteBuffer from) throws IOException {
        while (from.hasRemaining() && state != State.DONE) {
            switch (state) {
                case HEAD, CHUNK_LINE, TRAILER -> {
                    if (takeLine(from)) {
                        endLine();
                    }
                }
                case SIZED, CHUNK_DATA -> skip(from);
                case UNTIL_CLOSE -> from.position(from.limit());
                case DONE -> throw new IllegalStateException("fed after its end");
            }
        }
        return state == State.DONE;
    }

    private boolean takeLine(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            byte next = from.get();
            if (next == '\n') {
                if (lineLength > 0 && line[lineLength - 1] == '\r') {
                    lineLength--;
                }
                return true;
            }
            if (lineLength == MAX_LINE_BYTES) {
                throw new IOException("line too long");
            }
            line[lineLength++] = next;
        }
        return false;
    }

    private void endLine() throws IOException {
        switch (state) {
            case HEAD -> headLine();
            case CHUNK_LINE -> chunkLine();
            default -> state = lineLength == 0 ? State.DONE : state;
        }
        lineLength = 0;
    }

    private void headLine() throws IOException {
        if (lines == 0) {
            statusLine();
            return;
        }
        if (++lines > MAX_LINES) {
            throw new IOException("too many header fields");
        }
        if (lineLength == 0) {
            beginBody();
            return;
        }
        switch (line[0] | 0x20) {
            case 'c' -> lengthOrConnection(text());
            case 't' -> chunked |= text().toLowerCase(Locale.ROOT).matches("transfer-encoding:.*chunked\\s*");
            case 'x' ->
                errorCode = isNamed("x-baton-error:") ? text().substring(14).strip() : errorCode;
            default -> {}
        }
    }

    private void statusLine() throws IOException {
        lines = 1;
        boolean isHttp = lineLength >= 12 && line[0] == 'H' && line[4] == '/' && line[5] == '1';
        status = isHttp ? (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0' : 0;
        if (status < 100 || status > 599) {
            throw new IOException("not HTTP");
        }
        closing = line[7] == '0';
    }

    private void lengthOrConnection(String field) throws IOException {
        String lower = field.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
            String digits = lower.substring(15).strip();
            if (!digits.matches("[0-9]{1,18}")) {
                throw new IOException("malformed Content-Length");
            }
            left = Long.parseLong(digits);
            sized = true;
        } else if (lower.startsWith("connection:")) {
            closing = lower.contains("close") || (closing && !lower.contains("keep-alive"));
        }
    }

    private void beginBody() {
        if (status < 200) {
            reset();
        } else if (status == 204 || status == 304) {
            state = State.DONE;
        } else if (chunked) {
            state = State.CHUNK_LINE;
        } else if (sized) {
            state = left == 0 ? State.DONE : State.SIZED;
        } else {
            state = State.UNTIL_CLOSE;
            closing = true;
        }
    }

    private void chunkLine() throws IOException {
        String size = text();
        int extension = size.indexOf(';');
        size = (extension < 0 ? size : size.substring(0, extension)).strip();
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw new IOException("malformed chunk");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            state = State.TRAILER;
        } else {
            // The line end after the data is skipped with it.
            left += 2;
            state = State.CHUNK_DATA;
        }
    }

    private void skip(ByteBuffer from) {
        int count = (int) Math.min(left, from.remaining());
        from.position(from.position() + count);
        left -= count;
        if (left == 0) {
            state = state == State.SIZED ? State.DONE : State.CHUNK_LINE;
        }
    }

    private boolean isNamed(String name) {
        return lineLength >= name.length()
                && text().substring(0, name.length()).toLowerCase(Locale.ROOT).equals(name);
    }

    private String text() {
        return new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
    }
}
