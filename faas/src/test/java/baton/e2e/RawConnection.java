package baton.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A client's connection where every byte counts: sends what it is given, reads strictly what must come.
final class RawConnection implements AutoCloseable {
    /// Longer than any limit that a test waits for.
    private static final int READ_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    private RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    static RawConnection open(int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), READ_MILLIS);
        return new RawConnection(socket);
    }

    RawConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawConnection send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /// Sends a GET that keeps the connection.
    RawConnection get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    /// Sends a POST that keeps the connection.
    RawConnection post(String path, String body) throws IOException {
        int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
        return send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n" + body);
    }

    /// Sends no more; what comes can still be read.
    RawConnection endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /// Has the connection reset instead of ended when it is closed.
    RawConnection resetOnClose() throws IOException {
        socket.setSoLinger(true, 0);
        return this;
    }

    /// Reads a whole response.
    Answer read() throws IOException {
        return read(true);
    }

    /// Reads the response to a HEAD request.
    Answer readHead() throws IOException {
        return read(false);
    }

    private Answer read(boolean withBody) throws IOException {
        String[] status = line().split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/")) {
            throw new IOException("no status line: " + String.join(" ", status));
        }
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            fields.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        int code = Integer.parseInt(status[1]);
        boolean empty = !withBody || code < 200 || code == 204 || code == 304;
        byte[] body = empty ? new byte[0] : body(fields);
        return new Answer(code, status[0].substring(5), fields, body);
    }

    private byte[] body(Map<String, List<String>> fields) throws IOException {
        if (fields.containsKey("transfer-encoding")) {
            return chunks();
        }
        List<String> length = fields.get("content-length");
        if (length == null) {
            return in.readAllBytes();
        }
        int count = Integer.parseInt(length.getFirst());
        byte[] body = in.readNBytes(count);
        if (body.length < count) {
            throw new EOFException("the body ends after " + body.length + " of " + count + " bytes");
        }
        return body;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.writeBytes(in.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the connection ended after '" + line + "'");
            }
            line.append((char) octet);
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("a line of the head ends without CR: " + line);
        }
        line.setLength(line.length() - 1);
        return line.toString();
    }

    /// Whether the other side ends the connection, sending nothing more.
    boolean ended() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
