package baton.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Speaks HTTP/1.1 to the admin API: one connection per request, bodies by length, chunked or until the close
/// (RFC 9112 §6). Its own and small, since the JDK's client takes longer to load than a whole command may.
public final class AdminClient {
    /// How long a connection attempt may take.
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /// How long the platform may take for what it has at hand.
    static final Duration QUICK = Duration.ofSeconds(30);

    /// How long it may take for a build, which may wait for a compiler to be prepared, or for an invocation.
    static final Duration LONG = Duration.ofMinutes(20);

    private static final int MAX_HOST_CHARS = 255;

    private final URI base;
    private final @Nullable String token;

    AdminClient(URI base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    /// Reads `--admin-url`.
    ///
    /// @throws CommandException when it is not an address of the form `http://HOST:PORT`
    public static URI parseUrl(String text) {
        try {
            URI uri = URI.create(text.strip());
            String host = uri.getHost();
            if ("http".equals(uri.getScheme()) && host != null && host.length() <= MAX_HOST_CHARS) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw badUrl(text, e);
        }
        throw badUrl(text, null);
    }

    private static CommandException badUrl(String text, @Nullable Throwable cause) {
        String message = "bad URL '" + text + "': expected one such as http://127.0.0.1:8081";
        return cause == null ? CommandException.usage(message) : CommandException.usage(message, cause);
    }

    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public URI base() {
        return base;
    }

    public HttpAnswer get(String target) {
        return send("GET", target, new byte[0], QUICK);
    }

    HttpAnswer send(String method, String target, byte[] body, Duration limit) {
        try (Socket socket = connected()) {
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
            request(socket.getOutputStream(), method, target, body);
            InputStream from = new BufferedInputStream(socket.getInputStream());
            HttpReader.Head head = HttpReader.readHead(from);
            return new HttpAnswer(
                    head.status(), head.headers(), HttpReader.body(head, from).readAllBytes());
        } catch (SocketTimeoutException e) {
            throw CommandException.failed(
                    "the platform did not answer " + method + " " + target + " within " + limit.toSeconds() + " s", e);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// Receives an answer that may never end, as it comes.
    ///
    /// @return the answer: without its body when it was a success, as that went to the sink
    HttpAnswer stream(String target, Sink sink) {
        try (Socket socket = connected()) {
            request(socket.getOutputStream(), "GET", target, new byte[0]);
            InputStream from = new BufferedInputStream(socket.getInputStream());
            HttpReader.Head head = HttpReader.readHead(from);
            InputStream body = HttpReader.body(head, from);
            if (head.status() != 200) {
                return new HttpAnswer(head.status(), head.headers(), body.readAllBytes());
            }
            byte[] buffer = new byte[8 << 10];
            for (int count = body.read(buffer); count >= 0 && sink.accept(buffer, count); ) {
                count = body.read(buffer);
            }
            return new HttpAnswer(head.status(), head.headers(), new byte[0]);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// Takes what arrives.
    @FunctionalInterface
    interface Sink {
        /// @return false to receive no more
        boolean accept(byte[] bytes, int count);
    }

    private Socket connected() {
        int port = base.getPort() < 0 ? 80 : base.getPort();
        String host = base.getHost().replaceAll("[\\[\\]]", "");
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            close(socket, e);
            throw CommandException.unreachable(
                    "no platform answers at " + base + " (" + reason(e)
                            + "): start one with ./baton up, or name another with --admin-url or BATON_URL",
                    e);
        }
    }

    private static void close(Socket socket, IOException reason) {
        try {
            socket.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case SocketTimeoutException _ -> "timed out";
            case UnknownHostException _ -> "unknown host";
            case NoRouteToHostException _ -> "no route to host";
            case ConnectException _ -> "connection refused";
            default -> String.valueOf(e.getMessage());
        };
    }

    private CommandException broken(IOException e) {
        return CommandException.unreachable(
                "the connection to " + base + " broke (" + e.getMessage() + "): look at ./baton doctor and data/logs",
                e);
    }

    private void request(OutputStream to, String method, String target, byte[] body) throws IOException {
        StringBuilder head = new StringBuilder(256);
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ");
        head.append(base.getRawAuthority()).append("\r\nUser-Agent: baton\r\nAccept: */*\r\nConnection: close\r\n");
        if (token != null) {
            head.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        if (body.length > 0 || !method.equals("GET")) {
            head.append("Content-Type: application/octet-stream\r\nContent-Length: ");
            head.append(body.length).append("\r\n");
        }
        byte[] headBytes = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[headBytes.length + body.length];
        System.arraycopy(headBytes, 0, whole, 0, headBytes.length);
        System.arraycopy(body, 0, whole, headBytes.length, body.length);
        try {
            to.write(whole);
            to.flush();
        } catch (IOException e) {
            // A platform that refuses a body early has answered already: its answer is worth more than this
            // error.
            if (body.length == 0) {
                throw e;
            }
        }
    }
}
