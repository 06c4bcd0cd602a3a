package baton.host;

import baton.posix.NativeBuffer;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real Node host that runs one function, and connections to it.
final class RunningHost implements AutoCloseable {
    private static final int LIMIT = 64 << 20;

    private final Process process;
    private final Path socket;

    private RunningHost(Process process, Path socket) {
        this.process = process;
        this.socket = socket;
    }

    static RunningHost start(Path directory, String code) throws IOException {
        NodeProgram program = NodeProgram.install(directory.resolve("host"));
        Path file = Files.writeString(directory.resolve("code.js"), code);
        Path socket = directory.resolve("s");
        List<String> command =
                program.command(Path.of("node"), 64, List.of("--listen", socket.toString()), file, "hello");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("GREETING", "hi");
        builder.redirectError(directory.resolve("stderr").toFile());
        return new RunningHost(builder.start(), socket);
    }

    Process process() {
        return process;
    }

    /// Connects as soon as the host listens.
    Connection connect() throws IOException {
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return new Connection(channel);
            } catch (IOException notYet) {
                channel.close();
                if (!process.isAlive()) {
                    throw new IOException("the host ended with " + process.exitValue(), notYet);
                }
                Thread.onSpinWait();
            }
        }
    }

    /// Fails when the host does not end at SIGTERM.
    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        } finally {
            process.destroyForcibly();
        }
    }

    /// An answer, cut out of its frame.
    record Answer(int id, HostAnswer kind, int status, int exitCode, List<String> headers, String stderr, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// A connection of one worker.
    static final class Connection implements AutoCloseable {
        private final SocketChannel channel;
        private final HostRequestWriter writer = new HostRequestWriter();
        private final HostResponseReader reader = new HostResponseReader(LIMIT);
        private final ByteBuffer chunk = ByteBuffer.allocate(16 << 10);
        private final Answer hello;

        Connection(SocketChannel channel) throws IOException {
            this.channel = channel;
            this.hello = read();
        }

        HostMode mode() {
            return reader.mode();
        }

        Answer hello() {
            return hello;
        }

        Answer get(String target) throws IOException {
            return call(1, "GET " + target + " HTTP/1.1\r\nHost: example.org:8080\r\n\r\n", "");
        }

        Answer post(String body) throws IOException {
            return call(1, "POST /function/hello HTTP/1.1\r\nHost: example.org\r\n\r\n", body);
        }

        Answer call(int id, String head, String body) throws IOException {
            send(id, head, body.getBytes(StandardCharsets.UTF_8), LIMIT);
            return read();
        }

        void send(int id, String head, byte[] body, int outputLimit) throws IOException {
            try (NativeBuffer out = new NativeBuffer(4096, LIMIT)) {
                Requests.write(writer, out, id, head, body, outputLimit);
                write(out);
            }
        }

        void cancel(int id) throws IOException {
            try (NativeBuffer out = new NativeBuffer(4096, LIMIT)) {
                writer.cancel(out, id);
                write(out);
            }
        }

        private void write(NativeBuffer out) throws IOException {
            byte[] bytes = out.segment().asSlice(0, out.length()).toArray(ValueLayout.JAVA_BYTE);
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }

        /// @throws EOFException when the host has gone
        Answer read() throws IOException {
            while (true) {
                switch (reader.next()) {
                    case FRAME -> {
                        return answer();
                    }
                    case MALFORMED -> throw new IOException(reader.errorDetail());
                    case MORE -> {
                        chunk.clear();
                        if (channel.read(chunk) < 0) {
                            throw new EOFException("the host closed the connection");
                        }
                        reader.feed(chunk.array(), 0, chunk.position());
                    }
                }
            }
        }

        private Answer answer() {
            List<String> headers = new ArrayList<>();
            for (int i = 0; i < reader.fields(); i++) {
                headers.add(text(reader.nameStart(i), reader.nameEnd(i)) + ": "
                        + text(reader.valueStart(i), reader.valueEnd(i)));
            }
            byte[] body = Arrays.copyOfRange(reader.buffer(), reader.bodyStart(), reader.bodyEnd());
            return new Answer(
                    reader.id(),
                    reader.answer(),
                    reader.status(),
                    reader.exitCode(),
                    headers,
                    text(reader.stderrStart(), reader.stderrEnd()),
                    body);
        }

        private String text(int from, int to) {
            return new String(reader.buffer(), from, to - from, StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
