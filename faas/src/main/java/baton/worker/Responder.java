package baton.worker;

import baton.function.ErrorCode;
import baton.http.ErrorResponse;
import baton.http.RequestHead;
import baton.http.ResponseHead;
import baton.http.Router;
import baton.log.LogEvent;
import baton.posix.Errno;
import baton.posix.NativeBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Writes answers to connections. One per slot; its thread must own the connection.
final class Responder implements AutoCloseable {
    /// Room in front of a function's output, so that head and body leave in one system call.
    static final int HEAD_ROOM = 2048;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REQUEST_ID = "X-Request-Id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int SCRATCH_BYTES = 64 << 10;
    private static final int MAX_SCRATCH_BYTES = 300 << 20;

    private final Worker worker;
    private final Slot slot;
    private final ResponseHead out = new ResponseHead();
    private final ServerTiming timing = new ServerTiming();
    private final RequestId requestId = new RequestId();
    private final NativeBuffer scratch = new NativeBuffer(SCRATCH_BYTES, MAX_SCRATCH_BYTES);

    /// Whether bytes of the answer under way have left, so that no other answer can take its place.
    private boolean begun;

    Responder(Worker worker, Slot slot) {
        this.worker = worker;
        this.slot = slot;
    }

    RequestId requestId() {
        return requestId;
    }

    /// Begins the head of a function's answer.
    ResponseHead begin(int status) {
        begin();
        return out.begin(status);
    }

    /// The empty head, for a caller that begins it itself.
    ResponseHead begin() {
        begun = false;
        out.clear();
        return out;
    }

    /// Ends the head of a function's answer: who served it, when, how long it is, and what becomes of the
    /// connection.
    ///
    /// @param bodyLength -1 when the status forbids a body
    void end(Connection c, RequestHead head, long bodyLength) {
        FunctionEntry entry = c.call.entry;
        if (entry != null) {
            out.append(entry.identity());
        }
        appendRequestId();
        timing.append(out, c.call);
        if (bodyLength >= 0) {
            out.contentLength(bodyLength);
        }
        endConnection(c, head);
        out.end();
    }

    private void appendRequestId() {
        out.append(REQUEST_ID);
        out.append(requestId.bytes(), 0, requestId.length());
        out.append(LINE_END);
    }

    private void endConnection(Connection c, RequestHead head) {
        boolean keepAlive = head.keepAlive() && !worker.housekeeping().closing();
        c.closeAfter |= !keepAlive;
        out.connection(head.http11(), keepAlive);
    }

    /// Sends a head and a body that lies in a buffer behind [#HEAD_ROOM] bytes of room.
    ///
    /// @param bodyFrom where the body begins in the buffer
    void send(Connection c, NativeBuffer body, int bodyFrom, boolean withBody) {
        int headLength = out.length();
        if (headLength > bodyFrom) {
            sendHeap(c, out.bytes(), headLength);
            if (withBody) {
                transmit(c, body.segment(), bodyFrom, body.length());
            }
            return;
        }
        int from = bodyFrom - headLength;
        MemorySegment.copy(out.bytes(), 0, body.segment(), ValueLayout.JAVA_BYTE, from, headLength);
        transmit(c, body.segment(), from, withBody ? body.length() : bodyFrom);
    }

    /// Sends a head and a body that lies in an array.
    void send(Connection c, byte[] body, int from, int length) {
        scratch.length(0);
        scratch.append(out.bytes(), 0, out.length());
        scratch.append(body, from, length);
        transmit(c, scratch.segment(), 0, scratch.length());
        scratch.shrinkTo(WorkerLimits.KEPT_OUTPUT_BYTES);
    }

    private void sendHeap(Connection c, byte[] bytes, int length) {
        scratch.length(0);
        scratch.append(bytes, 0, length);
        transmit(c, scratch.segment(), 0, length);
    }

    /// Sends what the socket takes and keeps the rest for [#flush].
    private void transmit(Connection c, MemorySegment segment, int from, int to) {
        begun = true;
        int length = to - from;
        if (c.output != null) {
            keep(c, segment, from, length);
            return;
        }
        int sent = slot.syscalls().send(c.fd, segment.address() + from, length, 0);
        if (sent == length) {
            return;
        }
        if (sent < 0 && sent != -Errno.EAGAIN) {
            c.closeAfter = true;
            return;
        }
        keep(c, segment, from + Math.max(0, sent), length - Math.max(0, sent));
    }

    private void keep(Connection c, MemorySegment segment, int from, int length) {
        if (!worker.pendingOutput().take(length)) {
            c.closeAfter = true;
            discard(c);
            worker.telemetry()
                    .warn(
                            slot.syscalls(),
                            LogEvent.CONNECTION_REFUSED,
                            requestId.toString(),
                            "error",
                            "clients leave too much output unread: this answer was cut short");
            return;
        }
        PendingOutput output = c.output;
        if (output == null) {
            output = new PendingOutput(length);
            c.output = output;
        }
        output.append(segment, from, length);
    }

    /// Forgets what was kept. The thread must own the connection.
    void discard(Connection c) {
        PendingOutput output = c.output;
        if (output != null) {
            c.output = null;
            worker.pendingOutput().giveBack(output.bytes());
            output.close();
        }
    }

    /// Sends what was kept.
    ///
    /// @return whether nothing is left
    boolean flush(Connection c) {
        PendingOutput output = c.output;
        while (output != null && output.left() > 0) {
            int sent = slot.syscalls().send(c.fd, output.address(), output.left(), 0);
            if (sent == -Errno.EAGAIN) {
                return false;
            }
            if (sent < 0) {
                c.closeAfter = true;
                break;
            }
            output.sent(sent);
            c.lastActivityNanos = worker.loop().nowNanos();
        }
        discard(c);
        return true;
    }

    /// Tells the client to send its body (RFC 9110 §10.1.1).
    void sendContinue(Connection c) {
        sendHeap(c, CONTINUE, CONTINUE.length);
    }

    /// Answers a request that cannot be answered otherwise, for the last time on this connection.
    void refuse(Connection c, ErrorCode code, String sentence) {
        requestId.make();
        c.closeAfter = true;
        begin();
        ErrorResponse.begin(out, code);
        appendRequestId();
        out.connection(true, false);
        ErrorResponse.end(out, code, sentence, true);
        sendHeap(c, out.bytes(), out.length());
    }

    void noFunction(Connection c, RequestHead head, byte[] buffer, Router.Match match) {
        requestId.of(head, buffer);
        String sentence = match.named == null
                ? "no function or route matches " + head.text(head.methodStart(), head.methodEnd()) + " "
                        + head.text(head.pathStart(), head.pathEnd())
                : "no function is named '" + match.named + "'";
        c.call.entry = null;
        error(c, head, ErrorCode.NO_FUNCTION, sentence);
    }

    /// Answers with an error of the contract; a failed invocation counts as one.
    void error(Connection c, RequestHead head, ErrorCode code, String sentence) {
        error(c, head, code, sentence, 0, new byte[0], 0);
    }

    /// @param exit exit code of the function, told to the control plane only
    /// @param stderr of the function, told to the control plane only
    void error(
            Connection c,
            RequestHead head,
            ErrorCode code,
            String sentence,
            int exit,
            byte[] stderr,
            int stderrLength) {
        c.call.failure = code;
        begin();
        ErrorResponse.begin(out, code);
        FunctionEntry entry = c.call.entry;
        if (entry != null) {
            out.append(entry.identity());
        }
        appendRequestId();
        timing.append(out, c.call);
        if (c.origin.internal()) {
            byte[] text = java.util.Base64.getEncoder().encode(java.util.Arrays.copyOf(stderr, stderrLength));
            out.field("X-Baton-Exit", exit).field("X-Baton-Stderr", text, 0, text.length);
        }
        endConnection(c, head);
        ErrorResponse.end(out, code, sentence, !head.methodIs("HEAD"));
        sendHeap(c, out.bytes(), out.length());
    }

    /// The answer under way cannot be made: says so, if none of it has left, and ends the connection.
    void giveUp(Connection c, RequestHead head) {
        boolean late = begun;
        c.closeAfter = true;
        c.call.failure = ErrorCode.INTERNAL;
        if (late) {
            discard(c);
        } else {
            error(c, head, ErrorCode.INTERNAL, "the platform failed at this request; its log says why");
        }
    }

    @Override
    public void close() {
        scratch.close();
    }
}
