package baton.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Runs the commands once against answers of its own, on loopback, with their output thrown away, so that
/// the JDK can record in an AOT cache what they load.
///
/// The commands run on the calling thread, one virtual thread answers.
final class Rehearsal {
    private static final String ANSWER = """
            {"ok":true,"version":"0","http":"http://127.0.0.1:1","id":"a_1","name":"a","lang":"c","wasm":true,\
            "output":"","limits":{"memoryBytes":65536,"timeoutMillis":1},"versions":[{"id":"a_1"}],\
            "functions":[{"name":"a","lang":"c","id":"a_1","routes":["GET:/a"],\
            "deployed":"2026-01-02T03:04:05Z"}],\
            "workers":[{"id":"shared/0","pid":1,"state":"ready","connections":0,"residentBytes":77000000}],\
            "routes":[{"key":"GET:/a","function":"a"}],"tools":[]}
            """;
    private static final String REFUSAL = "{\"ok\":false,\"error\":\"no function 'a'\",\"detail\":\"b\"}";

    private final UpRunner upRunner;

    Rehearsal(UpRunner upRunner) {
        this.upRunner = upRunner;
    }

    /// @return exit code
    int run() {
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server));
            Path source = Files.createTempFile("rehearsal", ".c");
            try {
                runAll("http://127.0.0.1:" + server.getLocalPort(), source.toString());
            } finally {
                Files.delete(source);
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void runAll(String url, String source) {
        List.of(
                        List.of("list"),
                        List.of("list", "-o", "json"),
                        List.of("deploy", source, "--name", "a", "--route", "GET /a"),
                        List.of("invoke", "a", "-d", "x"),
                        List.of("describe", "a"),
                        List.of("describe", "missing"),
                        List.of("source", "a"),
                        List.of("routes"),
                        List.of("workers"),
                        List.of("drain", "shared/0"),
                        List.of("remove", "a"),
                        List.of("logs", "a"),
                        List.of("version"),
                        List.of("doctor"))
                .forEach(arguments -> runOne(url, arguments));
        runOne(url, List.of("list", "--no-such-option"));
        quiet().run("--help");
    }

    private void runOne(String url, List<String> arguments) {
        String[] all = new String[arguments.size() + 2];
        arguments.toArray(all);
        all[arguments.size()] = "--admin-url";
        all[arguments.size() + 1] = url;
        quiet().run(all);
    }

    private CommandLineProgram quiet() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new CommandLineProgram(new Terminal(nowhere, nowhere, false), upRunner);
    }

    private static void serve(ServerSocket server) {
        try {
            while (true) {
                try (Socket client = server.accept()) {
                    answer(client);
                }
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void answer(Socket client) throws IOException {
        InputStream from = new BufferedInputStream(client.getInputStream());
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = from.read();
            if (next < 0) {
                return;
            }
            head.append((char) next);
        }
        boolean missing = head.indexOf("missing") > 0;
        byte[] body = (missing ? REFUSAL : ANSWER).getBytes(StandardCharsets.UTF_8);
        String status = missing ? "404 Not Found" : "200 OK";
        String answer = "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().write(body);
        client.shutdownOutput();
        from.skip(Long.MAX_VALUE);
    }
}
