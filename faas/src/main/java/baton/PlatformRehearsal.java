package baton;

import baton.config.PlatformConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Runs a platform of its own through all that a start and the first requests need, so that ahead-of-time
/// caches can be recorded: of this process by its own flags, of its worker by [AotCaches].
final class PlatformRehearsal {
    private static final int ROUNDS = 300;
    private static final int WORKER_ROUNDS = 20;
    private static final int TIMEOUT_MILLIS = 20_000;

    private PlatformRehearsal() {}

    /// @param arguments a directory for its data, which is deleted afterwards, and one for its workers' cache
    /// @return the exit code
    static int run(String[] arguments) {
        Path data = Path.of(arguments[0]);
        PrintStream nowhere = new PrintStream(java.io.OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        try {
            PlatformConfig config = PlatformConfig.rehearsal(data);
            Announcer announcer = new Announcer(nowhere, System.currentTimeMillis());
            try (Platform platform = Platform.start(config, announcer, AotCaches.recording(Path.of(arguments[1])))) {
                rehearse(platform.httpPort(), platform.adminPort());
                platform.stop();
            }
            return 0;
        } catch (IOException | StartException e) {
            System.err.println("rehearsal: " + e);
            return 1;
        } finally {
            delete(data);
        }
    }

    private static void rehearse(int http, int admin) throws IOException {
        byte[] page = "<h1>Hello</h1>\n".repeat(40).getBytes(StandardCharsets.US_ASCII);
        exchange(admin, request("POST", "/deploy?name=page&lang=html", page), 1);
        exchange(http, request("POST", "/deploy?name=hello&lang=wasm", HelloModule.bytes()), 1);
        exchange(admin, request("POST", "/invoke?fn=hello", page), 1);
        for (String path :
                new String[] {"/functions", "/functions/hello", "/workers", "/routes", "/metrics", "/readyz"}) {
            exchange(admin, request("GET", path, new byte[0]), 1);
        }
        for (int i = 0; i < WORKER_ROUNDS; i++) {
            exchange(http, request("GET", "/function/hello?x=1", new byte[0]), ROUNDS / WORKER_ROUNDS);
            exchange(http, request("POST", "/function/hello/path", page), ROUNDS / WORKER_ROUNDS);
            exchange(http, request("GET", "/function/page", new byte[0]), ROUNDS / WORKER_ROUNDS);
            exchange(http, request("GET", "/function/none", new byte[0]), 1);
        }
        exchange(admin, request("DELETE", "/functions/page", new byte[0]), 1);
    }

    private static byte[] request(String method, String target, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String head = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: rehearsal\r\nAccept: */*\r\n"
                + (body.length == 0 ? "" : "Content-Length: " + body.length + "\r\n") + "\r\n";
        out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(body);
        return out.toByteArray();
    }

    /// Sends a request so often on one connection; the last time it asks for the end, to read to it.
    private static void exchange(int port, byte[] request, int times) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            for (int i = 0; i < times; i++) {
                socket.getOutputStream().write(request);
            }
            socket.shutdownOutput();
            try (InputStream in = socket.getInputStream()) {
                in.readAllBytes();
            }
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("rehearsal: cannot delete " + directory + ": " + e.getMessage());
        }
    }
}
