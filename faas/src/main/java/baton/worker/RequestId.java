package baton.worker;

import baton.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/// The id of the request being served: the client's `X-Request-Id` if it is one, else a new one. One per
/// slot.
final class RequestId {
    private static final int MAX_BYTES = 128;
    private static final int MADE_BYTES = 16;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes = new byte[MAX_BYTES];
    private int length;

    void of(RequestHead head, byte[] buffer) {
        int field = head.find("x-request-id");
        if (field >= 0 && accept(buffer, head.valueStart(field), head.valueEnd(field))) {
            return;
        }
        make();
    }

    void make() {
        long random = ThreadLocalRandom.current().nextLong();
        for (int i = 0; i < MADE_BYTES; i++) {
            bytes[i] = HEX[(int) (random >>> 4 * i) & 15];
        }
        length = MADE_BYTES;
    }

    /// Only what is safe in a log line and a header is accepted.
    private boolean accept(byte[] buffer, int from, int to) {
        if (to <= from || to - from > MAX_BYTES) {
            return false;
        }
        for (int i = from; i < to; i++) {
            byte b = buffer[i];
            boolean allowed = b >= '0' && b <= '9'
                    || b >= 'A' && b <= 'Z'
                    || b >= 'a' && b <= 'z'
                    || b == '-'
                    || b == '_'
                    || b == '.'
                    || b == ':'
                    || b == '/'
                    || b == '+'
                    || b == '=';
            if (!allowed) {
                return false;
            }
        }
        length = to - from;
        System.arraycopy(buffer, from, bytes, 0, length);
        return true;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    void restore(byte[] kept) {
        length = kept.length;
        System.arraycopy(kept, 0, bytes, 0, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
}
