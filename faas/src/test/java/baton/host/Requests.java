package baton.host;

import baton.posix.NativeBuffer;
import java.nio.charset.StandardCharsets;

/// Writes request frames from HTTP heads given as text.
final class Requests {
    private static final String PREFIX = "/function/hello";

    private Requests() {}

    static void write(HostRequestWriter writer, NativeBuffer out, int id, String head, byte[] body, int outputLimit) {
        String padded = "xyz" + head; // offsets must be relative to the head, not to the array
        byte[] bytes = padded.getBytes(StandardCharsets.ISO_8859_1);
        int space = padded.indexOf(' ');
        int targetEnd = padded.indexOf(' ', space + 1);
        int query = padded.indexOf('?', space);
        int pathEnd = query < 0 || query > targetEnd ? targetEnd : query;
        int script = padded.startsWith(PREFIX, space + 1) ? space + 1 + PREFIX.length() : space + 1;
        writer.begin(bytes, 3, bytes.length, id, 5000, outputLimit);
        writer.connection(false, true, 8080);
        writer.method(3, space);
        writer.target(space + 1, targetEnd);
        writer.path(space + 1, script, pathEnd);
        int at = padded.indexOf("\r\n") + 2;
        for (int end = padded.indexOf("\r\n", at); end > at; end = padded.indexOf("\r\n", at)) {
            int colon = padded.indexOf(':', at);
            writer.field(at, colon, colon + 2, end);
            at = end + 2;
        }
        writer.end(out, "192.0.2.7", "request-" + id, body, 0, body.length);
    }
}
