package baton.admin;

import baton.posix.BlockingSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/// Writes the responses of one connection. Owned by the connection's thread.
final class ResponseWriter {
    /// How long and how much is read after an answer that ends the connection, so that the client gets to
    /// read the answer before it sees a reset (RFC 9112 §9.6).
    static final Duration LINGER = Duration.ofSeconds(2);

    private static final int LINGER_BYTES = 4 << 20;
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME;
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(201, "Created"),
            Map.entry(202, "Accepted"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Content Too Large"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"),
            Map.entry(505, "HTTP Version Not Supported"));

    private final BlockingSocket socket;
    private final int writeMillis;
    private boolean headOnly;
    private boolean http11 = true;
    private boolean keepAlive;

    ResponseWriter(BlockingSocket socket, ControlLimits limits) {
        this.socket = socket;
        this.writeMillis = Math.toIntExact(limits.write().toMillis());
    }

    /// Begins the answer to a request.
    ///
    /// @param onlyHead whether the request was HEAD
    /// @param speaksHttp11 whether the client knows chunked bodies
    void begin(boolean onlyHead, boolean speaksHttp11, boolean keep) {
        headOnly = onlyHead;
        http11 = speaksHttp11;
        keepAlive = keep;
    }

    void keepAlive(boolean keep) {
        keepAlive = keep;
    }

    void write(Reply.Whole reply) throws IOException {
        StringBuilder head = head(reply.status(), reply.contentType());
        reply.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(reply.body().length).append("\r\n\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = new byte[start.length + (headOnly ? 0 : reply.body().length)];
        System.arraycopy(start, 0, bytes, 0, start.length);
        System.arraycopy(reply.body(), 0, bytes, start.length, bytes.length - start.length);
        socket.write(bytes, 0, bytes.length, writeMillis);
    }

    /// Writes a stream; the connection ends with it.
    void write(Reply.Stream reply, Reply.Pause pause) throws IOException {
        keepAlive = false;
        StringBuilder head = head(200, reply.contentType());
        head.append(http11 ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
        socket.write(head.toString().getBytes(StandardCharsets.ISO_8859_1), 0, head.length(), writeMillis);
        if (headOnly) {
            return;
        }
        reply.source().writeTo(new Chunks(pause));
        if (http11) {
            ascii("0\r\n\r\n");
        }
    }

    private void ascii(String text) throws IOException {
        socket.write(text.getBytes(StandardCharsets.US_ASCII), 0, text.length(), writeMillis);
    }

    private StringBuilder head(int status, String contentType) {
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(REASONS.getOrDefault(status, ""))
                .append("\r\n");
        head.append("Date: ")
                .append(DATE.format(ZonedDateTime.now(ZoneOffset.UTC)))
                .append("\r\n");
        head.append("Content-Type: ").append(contentType).append("\r\n");
        head.append("X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n");
        if (!keepAlive) {
            head.append("Connection: close\r\n");
        } else if (!http11) {
            head.append("Connection: keep-alive\r\n");
        }
        return head;
    }

    /// Ends the connection so that what was written arrives.
    ///
    /// @param linger how long the client has to read it
    void finish(InputBuffer input, Duration linger) {
        socket.shutdownOutput();
        long deadline = InputBuffer.deadline(linger);
        long taken = 0;
        try {
            do {
                taken += input.length();
                input.consume(input.length());
            } while (taken < LINGER_BYTES && input.fill(deadline));
        } catch (IOException e) {
            // The client was told; that it went on sending, or left, changes nothing.
            input.consume(input.length());
        }
    }

    /// A body of unknown length.
    private final class Chunks implements Reply.Sink {
        private final Reply.Pause pause;

        Chunks(Reply.Pause pause) {
            this.pause = pause;
        }

        @Override
        public void write(byte[] bytes, int from, int to) throws IOException {
            if (http11) {
                ascii(Integer.toHexString(to - from) + "\r\n");
            }
            socket.write(bytes, from, to - from, writeMillis);
            if (http11) {
                ascii("\r\n");
            }
        }

        @Override
        public boolean pause(int millis) throws IOException {
            return pause.pause(millis);
        }
    }
}
