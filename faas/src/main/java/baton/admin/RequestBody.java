package baton.admin;

import baton.function.ErrorCode;
import baton.http.ChunkedDecoder;
import baton.http.RequestHead;
import baton.posix.BlockingSocket;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The body of the request that a connection is at. Owned by the connection's thread.
final class RequestBody implements ControlRequest.BodySource {
    /// How much of a body that nobody wanted is read to keep the connection.
    private static final int MAX_DRAIN_BYTES = 64 << 10;

    private static final int FIRST_CAPACITY = 8 << 10;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InputBuffer input;
    private final BlockingSocket socket;
    private final BodyBudget.Share share;
    private final ControlLimits limits;
    private final boolean chunked;
    private final long declared;
    private boolean continueDue;
    private boolean done;
    private byte[] content = new byte[0];
    private int length;

    RequestBody(
            RequestHead head, InputBuffer input, BlockingSocket socket, BodyBudget.Share share, ControlLimits limits) {
        this.input = input;
        this.socket = socket;
        this.share = share;
        this.limits = limits;
        this.chunked = head.chunked();
        this.declared = head.contentLength();
        this.continueDue = head.expectContinue();
        this.done = !chunked && declared == 0;
    }

    @Override
    public byte[] read(int limit, String limitName) throws IOException, Refusal {
        if (done) {
            return content;
        }
        if (declared > limit) {
            throw tooLarge(limit, limitName);
        }
        sendContinue();
        try {
            if (chunked) {
                readChunks(limit, limitName);
            } else {
                readDeclared();
            }
        } catch (SocketTimeoutException e) {
            throw new Refusal(
                    ErrorCode.REQUEST_TIMEOUT,
                    "the body did not arrive within " + limits.body().toSeconds() + " s");
        }
        done = true;
        content = Arrays.copyOf(content, length);
        return content;
    }

    private void readDeclared() throws IOException, Refusal {
        long deadline = InputBuffer.deadline(limits.body());
        while (length < declared) {
            if (input.length() == 0) {
                fill(deadline);
            }
            int count = (int) Math.min(input.length(), declared - length);
            append(input.bytes(), input.start(), input.start() + count, (int) declared);
            input.consume(count);
        }
    }

    private void readChunks(int limit, String limitName) throws IOException, Refusal {
        long deadline = InputBuffer.deadline(limits.body());
        ChunkedDecoder decoder = new ChunkedDecoder();
        decoder.reset();
        Refusal[] refused = new Refusal[1];
        while (!decoder.done()) {
            int count = decoder.decode(input.bytes(), input.start(), input.end(), (source, from, to) -> {
                try {
                    if (to - from > limit - length) {
                        throw tooLarge(limit, limitName);
                    }
                    append(source, from, to, limit);
                } catch (Refusal e) {
                    refused[0] = e;
                }
            });
            if (refused[0] != null) {
                throw refused[0];
            }
            if (count < 0) {
                throw Refusal.badRequest("the chunked body is malformed: " + decoder.errorDetail());
            }
            input.consume(count);
            if (!decoder.done()) {
                fill(deadline);
            }
        }
    }

    private void fill(long deadline) throws IOException {
        if (!input.fill(deadline)) {
            throw new EOFException("the client closed in the middle of a body");
        }
    }

    private void append(byte[] source, int from, int to, int limit) throws Refusal {
        int wanted = length + to - from;
        if (wanted > content.length) {
            int capacity = (int) Math.min(limit, Math.max(wanted, Math.max(FIRST_CAPACITY, content.length * 2L)));
            share.growTo(capacity);
            content = Arrays.copyOf(content, capacity);
        }
        System.arraycopy(source, from, content, length, to - from);
        length = wanted;
    }

    private void sendContinue() throws IOException {
        if (continueDue) {
            continueDue = false;
            socket.write(
                    CONTINUE, 0, CONTINUE.length, Math.toIntExact(limits.write().toMillis()));
        }
    }

    /// Gets a body that the answer did not need out of the way.
    ///
    /// @return false when the connection must be closed instead: the body is large, broken, or held back
    boolean skip() throws IOException {
        if (done) {
            return true;
        }
        if (continueDue || declared > MAX_DRAIN_BYTES || length > 0) {
            return false;
        }
        try {
            read(MAX_DRAIN_BYTES, "body");
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    private static Refusal tooLarge(int limit, String limitName) {
        return new Refusal(
                ErrorCode.BODY_TOO_LARGE, "the " + limitName + " is larger than the " + limit + " bytes allowed");
    }
}
