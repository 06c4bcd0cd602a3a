package baton.gateway;

import baton.posix.BlockingSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// One request over a stream that a worker adopted: how the control plane invokes a function. The worker's
/// answers are trusted to be HTTP, so only what it writes is understood here.
final class InternalClient {
    private static final int BUFFER_BYTES = 32 << 10;
    private static final int MAX_ANSWER_BYTES = 300 << 20;

    private InternalClient() {}

    /// A worker's answer.
    record Answer(int status, Map<String, String> fields, byte[] body) {
        String field(String lowerCaseName) {
            return fields.getOrDefault(lowerCaseName, "");
        }
    }

    /// Sends a request and reads the answer to the end of the stream.
    ///
    /// @param timeoutMillis how long nothing may move
    static Answer exchange(BlockingSocket socket, String head, byte[] body, int timeoutMillis) throws IOException {
        byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
        socket.write(headBytes, 0, headBytes.length, timeoutMillis);
        socket.write(body, 0, body.length, timeoutMillis);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        int count;
        while ((count = socket.read(buffer, 0, buffer.length, timeoutMillis)) > 0) {
            all.write(buffer, 0, count);
            if (all.size() > MAX_ANSWER_BYTES) {
                throw new IOException("the answer is larger than " + MAX_ANSWER_BYTES + " bytes");
            }
        }
        return parse(all.toByteArray());
    }

    private static Answer parse(byte[] bytes) throws IOException {
        int end = headEnd(bytes);
        String[] lines = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).split("\r\n");
        Map<String, String> fields = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            fields.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        int status = Integer.parseInt(lines[0].split(" ")[1]);
        return new Answer(status, fields, Arrays.copyOfRange(bytes, end + 4, bytes.length));
    }

    private static int headEnd(byte[] bytes) throws IOException {
        for (int i = 0; i + 3 < bytes.length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i;
            }
        }
        throw new IOException("the worker ended before it answered");
    }
}
