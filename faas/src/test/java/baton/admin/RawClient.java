package baton.admin;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// One TCP connection on which tests write what they like and read answers.
final class RawClient implements Closeable {
    private static final int TIMEOUT_MILLIS = 20_000;

    /// One answer; header names are in lower case.
    record Answer(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        JsonObject json() {
            return JsonParser.parseString(text()).getAsJsonObject();
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final int port;

    RawClient(int port) throws IOException {
        this.port = port;
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        this.in = socket.getInputStream();
    }

    RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return this;
    }

    Answer request(String method, String target, String body, String... headers) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        send(head + "Content-Length: " + length + "\r\n\r\n" + body);
        return method.equals("HEAD") ? readHead() : read();
    }

    Answer read() throws IOException {
        Answer head = readHead();
        if (head.status() == 100) {
            return head;
        }
        if ("chunked".equals(head.headers().get("transfer-encoding"))) {
            return head;
        }
        byte[] body = in.readNBytes(Integer.parseInt(head.headers().get("content-length")));
        return new Answer(head.status(), head.headers(), body);
    }

    Answer readHead() throws IOException {
        String status = line();
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(status.split(" ")[1]), headers, new byte[0]);
    }

    /// Reads one chunk of a chunked body; an empty text is the last one.
    String chunk() throws IOException {
        int size = Integer.parseInt(line(), 16);
        String text = new String(in.readNBytes(size), StandardCharsets.UTF_8);
        line();
        return text;
    }

    /// Whether the server has closed, and nothing more came.
    boolean atEnd() throws IOException {
        return in.read() < 0;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("closed after '" + line + "'");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
