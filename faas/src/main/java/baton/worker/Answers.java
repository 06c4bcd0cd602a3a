package baton.worker;

import baton.function.ErrorCode;
import baton.http.CgiHeader;
import baton.http.RequestHead;
import baton.http.ResponseHead;
import baton.posix.NativeBuffer;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Turns what functions leave into HTTP responses. One per slot, whose thread must own the connection.
final class Answers {
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final byte[] TEXT =
            "Content-Type: text/plain; charset=utf-8\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTML = "Content-Type: text/html; charset=utf-8\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VARY = "Vary: Accept-Encoding\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GZIP = "Content-Encoding: gzip\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ALLOW = "Allow: GET, HEAD\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Responder responder;
    private final CgiHeader cgi = new CgiHeader();
    private byte[] block = new byte[CgiHeader.MAX_BYTES];

    Answers(Responder responder) {
        this.responder = responder;
    }

    /// Answers with a function's stdout, which may begin with a CGI header block.
    ///
    /// @param output stdout, behind [Responder#HEAD_ROOM] bytes of room
    void output(Connection c, Invocations.Request request, NativeBuffer output) {
        RequestHead head = request.head();
        int from = Responder.HEAD_ROOM;
        int length = output.length() - from;
        MemorySegment segment = output.segment();
        CgiHeader.Outcome outcome = CgiHeader.Outcome.BODY;
        if (length > 0 && CgiHeader.mayBegin(segment.get(ValueLayout.JAVA_BYTE, from))) {
            int looked = Math.min(length, CgiHeader.MAX_BYTES);
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, from, block, 0, looked);
            outcome = cgi.parse(block, 0, looked);
        }
        switch (outcome) {
            case BODY, MORE -> {
                responder.begin(200).append(TEXT);
                responder.end(c, head, length);
                responder.send(c, output, from, !head.methodIs("HEAD"));
            }
            case INVALID -> invalid(c, head, cgi.errorDetail());
            case BLOCK -> {
                if (cgi.isLocalRedirect()) {
                    redirect(c, request);
                    return;
                }
                int bodyFrom = from + cgi.bodyStart();
                boolean empty = beginBlock();
                responder.end(c, head, empty ? -1 : output.length() - bodyFrom);
                responder.send(c, output, bodyFrom, !empty && !head.methodIs("HEAD"));
            }
        }
    }

    /// Answers with what a language host left.
    ///
    /// @param bytes stdout of a script, which may begin with a CGI header block
    void output(Connection c, Invocations.Request request, byte[] bytes, int from, int to) {
        RequestHead head = request.head();
        switch (cgi.parse(bytes, from, to)) {
            case BODY, MORE -> {
                responder.begin(200).append(TEXT);
                responder.end(c, head, to - from);
                responder.send(c, bytes, from, head.methodIs("HEAD") ? 0 : to - from);
            }
            case INVALID -> invalid(c, head, cgi.errorDetail());
            case BLOCK -> {
                if (cgi.isLocalRedirect()) {
                    block = bytes;
                    redirect(c, request);
                    block = new byte[CgiHeader.MAX_BYTES];
                    return;
                }
                int length = to - cgi.bodyStart();
                boolean empty = beginBlock();
                responder.end(c, head, empty ? -1 : length);
                responder.send(c, bytes, cgi.bodyStart(), empty || head.methodIs("HEAD") ? 0 : length);
            }
        }
    }

    /// @return whether the status forbids a body
    private boolean beginBlock() {
        ResponseHead out = responder.begin();
        cgi.write(out);
        boolean empty = cgi.status() == NO_CONTENT || cgi.status() == NOT_MODIFIED;
        if (!empty && !cgi.hasContentType()) {
            out.append(TEXT);
        }
        return empty;
    }

    void invalid(Connection c, RequestHead head, String detail) {
        responder.error(c, head, ErrorCode.BAD_RESPONSE, "the function's response cannot be passed on: " + detail);
    }

    /// Keeps a GET of the location for the loop to serve in place of this answer.
    private void redirect(Connection c, Invocations.Request request) {
        if (++c.call.redirects > WorkerLimits.REDIRECTS) {
            invalid(c, request.head(), "more than " + WorkerLimits.REDIRECTS + " local redirects");
            return;
        }
        RequestHead head = request.head();
        ByteArrayOutputStream next = new ByteArrayOutputStream();
        next.writeBytes("GET ".getBytes(StandardCharsets.US_ASCII));
        next.write(block, cgi.locationStart(), cgi.locationEnd() - cgi.locationStart());
        next.writeBytes((head.http11() ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n").getBytes(StandardCharsets.US_ASCII));
        for (int field = 0; field < head.fields(); field++) {
            String name = head.text(head.nameStart(field), head.nameEnd(field)).toLowerCase(java.util.Locale.ROOT);
            if (!name.startsWith("content-") && !name.equals("transfer-encoding") && !name.equals("expect")) {
                next.write(request.buffer(), head.nameStart(field), head.valueEnd(field) - head.nameStart(field));
                next.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
        next.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        c.call.redirect = next.toByteArray();
    }

    /// Answers with a file: GET and HEAD only, with validator and compression (RFC 9110 §8.8, §12.5.3,
    /// §13.1.2).
    void content(Connection c, RequestHead head, StaticContent content) {
        boolean isHead = head.methodIs("HEAD");
        if (!isHead && !head.methodIs("GET")) {
            byte[] sentence = "this function is a page: use GET or HEAD\n".getBytes(StandardCharsets.US_ASCII);
            responder.begin(405).append(TEXT).append(ALLOW);
            responder.end(c, head, sentence.length);
            responder.send(c, sentence, 0, sentence.length);
            return;
        }
        byte[] gzip = content.gzip();
        boolean packed = gzip != null && accepts(head, "gzip");
        byte[] body = packed && gzip != null ? gzip : content.identity();
        String etag = packed ? content.gzipEtag() : content.etag();
        boolean same = matches(head, etag);
        ResponseHead out = responder.begin(same ? NOT_MODIFIED : 200);
        out.append(HTML).field("ETag", etag);
        if (gzip != null) {
            out.append(VARY);
        }
        if (packed && !same) {
            out.append(GZIP);
        }
        responder.end(c, head, same ? -1 : body.length);
        responder.send(c, body, 0, same || isHead ? 0 : body.length);
    }

    private static boolean accepts(RequestHead head, String coding) {
        int field = head.find("accept-encoding");
        if (field < 0) {
            return false;
        }
        String value = head.text(head.valueStart(field), head.valueEnd(field)).toLowerCase(java.util.Locale.ROOT);
        for (String item : value.split(",")) {
            String[] parts = item.strip().split("\\s*;\\s*q\\s*=\\s*", 2);
            if (parts[0].equals(coding) || parts[0].equals("*")) {
                return parts.length == 1 || !parts[1].matches("0(\\.0{0,3})?");
            }
        }
        return false;
    }

    private static boolean matches(RequestHead head, String etag) {
        int field = head.find("if-none-match");
        if (field < 0) {
            return false;
        }
        String value = head.text(head.valueStart(field), head.valueEnd(field));
        if (value.equals("*")) {
            return true;
        }
        for (String item : value.split(",")) {
            String tag = item.strip();
            if (tag.equals(etag) || tag.equals("W/" + etag)) {
                return true;
            }
        }
        return false;
    }
}
