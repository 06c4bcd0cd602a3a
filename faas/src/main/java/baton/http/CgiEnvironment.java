package baton.http;

import java.util.Arrays;

/// Makes the CGI/1.1 variables of a request (RFC 3875 §4.1) out of its parsed head, without making strings.
/// One object is used again for every request of its thread.
///
/// A header field becomes `HTTP_` and its name, repeated fields become one value. Left out are fields that
/// have a variable of their own, `Transfer-Encoding`, since the body is decoded, `Proxy`, since programs take
/// `HTTP_PROXY` for a setting of theirs, and every name with another character than a letter, digit or `-`,
/// since `X_Y` would become the same variable as `X-Y`.
public final class CgiEnvironment {
    private static final String SOFTWARE = "Baton";
    private static final int FIRST_SIZE = 512;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int length;
    private int nameEnd;

    /// Puts every variable of a request.
    ///
    /// @param buffer the array that the head was parsed from
    /// @param scriptEnd where PATH_INFO begins, as [Router.Match] says
    /// @param contentLength length of the decoded body, or -1 when the request has none
    public void fill(
            RequestHead head,
            byte[] buffer,
            int scriptEnd,
            CgiConnection connection,
            long contentLength,
            CgiSink sink) {
        put("GATEWAY_INTERFACE", "CGI/1.1", sink);
        put("SERVER_SOFTWARE", SOFTWARE, sink);
        put("SERVER_PROTOCOL", head.http11() ? "HTTP/1.1" : "HTTP/1.0", sink);
        server(head, buffer, connection, sink);
        target(head, buffer, scriptEnd, sink);
        if (contentLength >= 0) {
            put("CONTENT_LENGTH", Long.toString(contentLength), sink);
        }
        put("REMOTE_ADDR", connection.remoteAddress(), sink);
        put("REMOTE_PORT", Integer.toString(connection.remotePort()), sink);
        for (int field = 0; field < head.fields(); field++) {
            field(head, buffer, field, sink);
        }
    }

    private void server(RequestHead head, byte[] buffer, CgiConnection connection, CgiSink sink) {
        if (head.hostEnd() > head.hostStart()) {
            put("SERVER_NAME", buffer, head.hostStart(), head.hostEnd(), sink);
        } else {
            put("SERVER_NAME", connection.serverName(), sink);
        }
        put("SERVER_PORT", Integer.toString(connection.serverPort()), sink);
        if (connection.tls()) {
            put("HTTPS", "on", sink);
        }
    }

    private void target(RequestHead head, byte[] buffer, int scriptEnd, CgiSink sink) {
        put("REQUEST_METHOD", buffer, head.methodStart(), head.methodEnd(), sink);
        int pathStart = head.pathStart();
        int pathEnd = head.pathEnd();
        boolean hasPath = pathStart < pathEnd && buffer[pathStart] == '/';
        begin("REQUEST_URI");
        if (hasPath) {
            append(buffer, pathStart, pathEnd);
            if (buffer[head.queryStart() - 1] == '?') {
                append((byte) '?');
                append(buffer, head.queryStart(), head.queryEnd());
            }
        } else {
            append(buffer, head.targetStart(), head.targetEnd());
        }
        end(sink);
        begin("SCRIPT_NAME");
        decode(buffer, hasPath ? pathStart : pathEnd, hasPath ? scriptEnd : pathEnd);
        end(sink);
        begin("PATH_INFO");
        decode(buffer, hasPath ? scriptEnd : pathEnd, pathEnd);
        end(sink);
        put("QUERY_STRING", buffer, head.queryStart(), head.queryEnd(), sink);
    }

    private void field(RequestHead head, byte[] buffer, int field, CgiSink sink) {
        int from = head.nameStart(field);
        int to = head.nameEnd(field);
        if (FunctionFields.isPlatforms(buffer, from, to)
                || isLeftOut(buffer, from, to)
                || isRepeated(head, buffer, field)) {
            return;
        }
        if (Octets.equalsLower(buffer, from, to, "content-type")) {
            put("CONTENT_TYPE", buffer, head.valueStart(field), head.valueEnd(field), sink);
            return;
        }
        length = 0;
        append("HTTP_");
        for (int at = from; at < to; at++) {
            int octet = Octets.lower(buffer[at]);
            append((byte) (octet == '-' ? '_' : octet >= 'a' ? octet - 0x20 : octet));
        }
        nameEnd = length;
        append((byte) '=');
        append(buffer, head.valueStart(field), head.valueEnd(field));
        // The parts of a cookie are joined as RFC 6265 §4.2.1 has them in one field.
        byte separator = (byte) (Octets.equalsLower(buffer, from, to, "cookie") ? ';' : ',');
        for (int other = field + 1; other < head.fields(); other++) {
            if (sameName(head, buffer, field, other)) {
                append(separator);
                append(Octets.SPACE);
                append(buffer, head.valueStart(other), head.valueEnd(other));
            }
        }
        end(sink);
    }

    private static boolean isLeftOut(byte[] buffer, int from, int to) {
        for (int at = from; at < to; at++) {
            int octet = Octets.lower(buffer[at]);
            if (octet != '-' && (octet < 'a' || octet > 'z') && !Octets.is(buffer[at], Octets.DIGIT)) {
                return true;
            }
        }
        return switch (to - from) {
            case 5 -> Octets.equalsLower(buffer, from, to, "proxy");
            case 14 -> Octets.equalsLower(buffer, from, to, "content-length");
            case 17 -> Octets.equalsLower(buffer, from, to, "transfer-encoding");
            default -> false;
        };
    }

    private static boolean isRepeated(RequestHead head, byte[] buffer, int field) {
        for (int earlier = 0; earlier < field; earlier++) {
            if (sameName(head, buffer, earlier, field)) {
                return true;
            }
        }
        return false;
    }

    private static boolean sameName(RequestHead head, byte[] buffer, int one, int other) {
        int from = head.nameStart(one);
        int length = head.nameEnd(one) - from;
        int otherFrom = head.nameStart(other);
        if (head.nameEnd(other) - otherFrom != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (Octets.lower(buffer[from + i]) != Octets.lower(buffer[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    /// Appends a part of the path with its percent escapes decoded; what is no escape stays as it is.
    private void decode(byte[] buffer, int from, int to) {
        for (int at = from; at < to; at++) {
            if (buffer[at] == '%'
                    && at + 2 < to
                    && Octets.is(buffer[at + 1], Octets.HEX)
                    && Octets.is(buffer[at + 2], Octets.HEX)) {
                append((byte) (Octets.hex(buffer[at + 1]) << 4 | Octets.hex(buffer[at + 2])));
                at += 2;
            } else {
                append(buffer[at]);
            }
        }
    }

    private void put(String name, String value, CgiSink sink) {
        begin(name);
        append(value);
        end(sink);
    }

    private void put(String name, byte[] buffer, int from, int to, CgiSink sink) {
        begin(name);
        append(buffer, from, to);
        end(sink);
    }

    private void begin(String name) {
        length = 0;
        append(name);
        nameEnd = length;
        append((byte) '=');
    }

    private void end(CgiSink sink) {
        sink.put(bytes, 0, nameEnd, nameEnd + 1, length);
    }

    private void append(byte octet) {
        ensure(1);
        bytes[length++] = octet;
    }

    private void append(byte[] buffer, int from, int to) {
        ensure(to - from);
        System.arraycopy(buffer, from, bytes, length, to - from);
        length += to - from;
    }

    /// Appends ASCII.
    private void append(String text) {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
