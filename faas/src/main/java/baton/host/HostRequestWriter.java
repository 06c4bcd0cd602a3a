package baton.host;

import static baton.host.HostProtocol.put16;
import static baton.host.HostProtocol.put32;

import baton.posix.NativeBuffer;
import java.util.Arrays;

/// Writes request frames. The head of the HTTP request goes into the frame as it came, with a table that says
/// where its parts are, so that nothing is made per header field. One object per thread, used again for each
/// frame.
///
/// Calls come in this order: [#begin], [#method], [#target], [#path], [#field] for each field, [#end]. All
/// offsets refer to the array that [#begin] got.
public final class HostRequestWriter {
    private static final int MAX_HEAD_BYTES = 0xffff;
    private static final int MAX_TEXT_BYTES = 0xffff;
    private static final int FIELD_BYTES = 8;
    private static final int MAX_REQUEST_FIELDS = 1000;

    private byte[] front = new byte[1024];
    private int length;
    private byte[] head = new byte[0];
    private int headStart;
    private int headEnd;
    private int fields;

    /// Begins a frame.
    ///
    /// @param buffer holds the request's head
    /// @param start of the head in the buffer
    /// @param end of the head; it has at most 65,535 bytes
    /// @param id of the invocation, not used by another one that is under way on the connection
    /// @param millisLeft until its deadline
    /// @param outputLimit bytes that the response body may take
    public void begin(byte[] buffer, int start, int end, int id, int millisLeft, int outputLimit) {
        if (end - start > MAX_HEAD_BYTES) {
            throw new IllegalArgumentException("head of " + (end - start) + " bytes, at most " + MAX_HEAD_BYTES);
        }
        head = buffer;
        headStart = start;
        headEnd = end;
        fields = 0;
        length = HostProtocol.REQUEST_FIXED;
        front[4] = HostProtocol.REQUEST;
        front[5] = 0;
        put16(front, 6, 0);
        put32(front, 8, id);
        put32(front, 12, millisLeft);
        put32(front, 16, outputLimit);
        put32(front, 40, end - start);
    }

    public void method(int start, int end) {
        put16(front, 20, start - headStart);
        put16(front, 22, end - headStart);
    }

    /// The request target as sent.
    public void target(int start, int end) {
        put16(front, 24, start - headStart);
        put16(front, 26, end - headStart);
    }

    /// The path within the target.
    ///
    /// @param start where SCRIPT_NAME begins
    /// @param scriptEnd where PATH_INFO begins
    /// @param end of the path; a query follows if the target goes on
    public void path(int start, int scriptEnd, int end) {
        put16(front, 28, start - headStart);
        put16(front, 30, scriptEnd - headStart);
        put16(front, 32, end - headStart);
    }

    /// Adds a header field.
    public void field(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (fields == MAX_REQUEST_FIELDS) {
            throw new IllegalStateException("more than " + MAX_REQUEST_FIELDS + " header fields");
        }
        ensure(FIELD_BYTES);
        put16(front, length, nameStart - headStart);
        put16(front, length + 2, nameEnd - headStart);
        put16(front, length + 4, valueStart - headStart);
        put16(front, length + 6, valueEnd - headStart);
        length += FIELD_BYTES;
        fields++;
    }

    /// How the client is connected.
    ///
    /// @param secure whether by TLS
    /// @param http11 whether the request is HTTP/1.1 or later, not 1.0
    /// @param localPort the port that the client connected to
    public void connection(boolean secure, boolean http11, int localPort) {
        front[5] = (byte) ((secure ? HostProtocol.FLAG_SECURE : 0) | (http11 ? HostProtocol.FLAG_HTTP11 : 0));
        put16(front, 6, localPort);
    }

    /// Bytes that [#end] will append, so that the caller can check its buffer's limit before.
    public long frameBytes(String remoteAddress, String requestId, int bodyBytes) {
        return (long) length + headEnd - headStart + remoteAddress.length() + requestId.length() + bodyBytes;
    }

    /// Ends the frame and appends it.
    ///
    /// @param remoteAddress of the client, ASCII
    /// @param requestId ASCII, or empty
    /// @param body holds the request body
    /// @throws IllegalStateException beyond the limit of `out`
    public void end(NativeBuffer out, String remoteAddress, String requestId, byte[] body, int from, int to) {
        int total = Math.toIntExact(frameBytes(remoteAddress, requestId, to - from));
        put32(front, 0, total - 4);
        put16(front, 34, fields);
        put16(front, 36, remoteAddress.length());
        put16(front, 38, requestId.length());
        out.ensure(total);
        out.append(front, 0, length);
        out.append(head, headStart, headEnd - headStart);
        length = 0;
        appendText(remoteAddress);
        appendText(requestId);
        out.append(front, 0, length);
        out.append(body, from, to - from);
        head = front; // the request's buffer is not held between two frames
    }

    /// Appends a frame that tells the host that nobody waits for an answer any more.
    public void cancel(NativeBuffer out, int id) {
        put32(front, 0, HostProtocol.CANCEL_BYTES - 4);
        put32(front, 4, HostProtocol.CANCEL);
        put32(front, 8, id);
        out.append(front, 0, HostProtocol.CANCEL_BYTES);
    }

    private void appendText(String text) {
        if (text.length() > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException("text of " + text.length() + " bytes, at most " + MAX_TEXT_BYTES);
        }
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            front[length++] = (byte) text.charAt(i);
        }
    }

    private void ensure(int more) {
        if (length + more > front.length) {
            front = Arrays.copyOf(front, Math.max(front.length * 2, length + more));
        }
    }
}
