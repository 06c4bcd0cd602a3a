package baton.worker;

import baton.http.ChunkedDecoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A request that does not lie whole in the slot's input buffer: its head, and its body as far as it has
/// come.
final class StoredRequest {
    private static final int FIRST_BODY_BYTES = 16 << 10;

    final byte[] head;
    final long limitBytes;
    private final @Nullable ChunkedDecoder chunked;
    private final long length;
    private byte[] body;
    private int have;
    private boolean tooLarge;

    /// @param length of the body; ignored when it is chunked
    /// @param limitBytes the most that the body may have
    StoredRequest(byte[] head, boolean isChunked, long length, long limitBytes) {
        this.head = head;
        this.limitBytes = limitBytes;
        this.length = length;
        this.chunked = isChunked ? new ChunkedDecoder() : null;
        if (chunked != null) {
            chunked.reset();
        }
        // Memory follows what has arrived, not what was announced.
        this.body = new byte[isChunked ? FIRST_BODY_BYTES : (int) Math.min(length, FIRST_BODY_BYTES)];
    }

    /// Takes bytes of the body.
    ///
    /// @return how many were taken, or -1 when the chunked coding is broken
    int accept(byte[] source, int from, int to) {
        if (chunked != null) {
            return chunked.decode(source, from, to, this::append);
        }
        int part = (int) Math.min(to - from, length - have);
        append(source, from, from + part);
        return part;
    }

    boolean complete() {
        return chunked != null ? chunked.done() : have == length;
    }

    boolean tooLarge() {
        return tooLarge;
    }

    String fault() {
        return chunked == null ? "" : chunked.errorDetail();
    }

    byte[] body() {
        return body;
    }

    /// Memory that the body takes.
    int heldBytes() {
        return body.length;
    }

    int bodyLength() {
        return have;
    }

    private void append(byte[] source, int from, int to) {
        int part = to - from;
        if ((long) have + part > limitBytes) {
            tooLarge = true;
            return;
        }
        if (have + part > body.length) {
            long doubled = Math.max(2L * body.length, (long) have + part);
            long most = chunked != null ? limitBytes : length;
            body = Arrays.copyOf(body, (int) Math.min(most, doubled));
        }
        System.arraycopy(source, from, body, have, part);
        have += part;
    }
}
