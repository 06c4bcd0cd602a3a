package baton.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Reads an HTTP/1.1 response from a stream: head, then a body by length, chunks or until the close.
final class HttpReader {
    private static final int MAX_LINE_BYTES = 16 << 10;
    private static final int MAX_HEADERS = 200;

    private HttpReader() {}

    /// @param headers by name in lower case; the last one of a name wins
    record Head(int status, Map<String, String> headers) {}

    /// Reads the head of the final answer; interim ones (1xx) are skipped.
    static Head readHead(InputStream from) throws IOException {
        Head head = readOneHead(from);
        while (head.status() < 200) {
            head = readOneHead(from);
        }
        return head;
    }

    private static Head readOneHead(InputStream from) throws IOException {
        String line = readLine(from);
        if (!line.matches("HTTP/1\\.[01] [0-9]{3}( .*)?")) {
            throw new IOException("not an HTTP answer: is this the admin port?");
        }
        Map<String, String> headers = new HashMap<>();
        for (String field = readLine(from); !field.isEmpty(); field = readLine(from)) {
            int colon = field.indexOf(':');
            if (colon <= 0 || headers.size() == MAX_HEADERS) {
                throw new IOException("malformed HTTP answer");
            }
            headers.put(
                    field.substring(0, colon).toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).strip());
        }
        return new Head(Integer.parseInt(line, 9, 12, 10), headers);
    }

    /// The body as a stream that ends where the body does.
    ///
    /// @throws IOException when its length is malformed
    static InputStream body(Head head, InputStream from) throws IOException {
        if (head.status() == 204 || head.status() == 304) {
            return InputStream.nullInputStream();
        }
        if (head.headers().getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return new ChunkedBody(from);
        }
        String length = head.headers().get("content-length");
        if (length == null) {
            return from;
        }
        if (!length.matches("[0-9]{1,18}")) {
            throw new IOException("malformed Content-Length");
        }
        return new SizedBody(from, Long.parseLong(length));
    }

    private static String readLine(InputStream from) throws IOException {
        byte[] line = new byte[256];
        int length = 0;
        for (int next = from.read(); next != '\n'; next = from.read()) {
            if (next < 0) {
                throw new EOFException("it closed before its answer was whole");
            }
            if (length == MAX_LINE_BYTES) {
                throw new IOException("a line of the answer's head is too long");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = (byte) next;
        }
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return new String(line, 0, end, StandardCharsets.ISO_8859_1);
    }

    /// A body of a known length. Ending before it is an error, not an end.
    private static final class SizedBody extends InputStream {
        private final InputStream from;
        private long left;

        SizedBody(InputStream from, long length) {
            this.from = from;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = from.read(to, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("it closed before its answer was whole");
            }
            left -= count;
            return count;
        }
    }

    /// A chunked body (RFC 9112 §7.1), without its trailers.
    private static final class ChunkedBody extends InputStream {
        private final InputStream from;
        private long left;
        private boolean first = true;
        private boolean ended;

        ChunkedBody(InputStream from) {
            this.from = from;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int count = from.read(to, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("it closed before its answer was whole");
            }
            left -= count;
            return count;
        }

        private void nextChunk() throws IOException {
            if (!first) {
                readLine(from);
            }
            first = false;
            String size = readLine(from).replaceAll(";.*", "").strip();
            if (!size.matches("[0-9a-fA-F]{1,15}")) {
                throw new IOException("malformed chunk in the answer");
            }
            left = Long.parseLong(size, 16);
            ended = left == 0;
            for (int trailers = 0;
                    ended && trailers < MAX_HEADERS && !readLine(from).isEmpty(); ) {
                trailers++;
            }
        }
    }
}
