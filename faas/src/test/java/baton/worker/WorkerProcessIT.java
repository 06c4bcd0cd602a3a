package baton.worker;

import static org.assertj.core.api.Assertions.assertThat;

import baton.pool.WorkerLaunch;
import baton.posix.BlockingSocket;
import baton.posix.Descriptor;
import baton.posix.Errno;
import baton.posix.MessageBuffer;
import baton.posix.Socket;
import baton.posix.SocketPair;
import baton.posix.Syscalls;
import baton.wire.ConnectionFrame;
import baton.wire.Protocol;
import baton.wire.Protocol.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One worker process with the test in the gateway's place.
class WorkerProcessIT {
    private static final int WAIT_MILLIS = 60_000;

    @TempDir
    Path functions;

    private final Syscalls syscalls = new Syscalls();
    private final MessageBuffer buffer = new MessageBuffer(Protocol.MAX_FRAME_BYTES);
    private SocketPair output;
    private WorkerLaunch.Started worker;

    @BeforeEach
    void start() throws IOException {
        Path jar = Path.of(System.getProperty("basedir", ""), "target", "baton.jar")
                .toAbsolutePath();
        assertThat(jar).as("the built program").isRegularFile();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        output = SocketPair.open(Socket.SOCK_STREAM);
        worker = new WorkerLaunch(
                        List.of(java, "-XX:+UseSerialGC", "-Xmx96m", "-jar", jar.toString()),
                        List.of("engine=chicory", "functions=" + functions, "host-suffix=.faas.local"),
                        Map.of("PATH", "/usr/bin:/bin"),
                        output.far())
                .start("shared/0");
        assertThat(next()).isEqualTo(Type.HELLO);
        assertThat(buffer.bytes().getLong(2)).isEqualTo(worker.process().pid());
        assertThat(next()).isEqualTo(Type.READY);
    }

    @AfterEach
    void end() {
        worker.process().signal(9);
        worker.process().await(WAIT_MILLIS);
        worker.process().reap();
        worker.process().close();
        worker.control().close();
        worker.telemetry().close();
        output.close();
    }

    private byte next() {
        int fd = worker.control().number();
        int count = buffer.receive(syscalls, fd);
        if (count == -Errno.EAGAIN) {
            syscalls.poll(fd, Socket.POLLIN, -1, WAIT_MILLIS);
            count = buffer.receive(syscalls, fd);
        }
        assertThat(count).as("length of the next frame").isPositive();
        return buffer.bytes().get(1);
    }

    private int exitCode() {
        assertThat(worker.process().await(WAIT_MILLIS)).as("the worker ends").isTrue();
        return worker.process().reap();
    }

    private void send(int fd) {
        assertThat(buffer.send(syscalls, worker.control().number(), fd)).isPositive();
    }

    private static String readAll(BlockingSocket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] bytes = new byte[4096];
        for (int count = socket.read(bytes, 0, bytes.length, WAIT_MILLIS);
                count > 0;
                count = socket.read(bytes, 0, bytes.length, WAIT_MILLIS)) {
            text.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private String printed() throws IOException {
        output.far().close();
        return readAll(new BlockingSocket(output.near()));
    }

    @Test
    void acknowledgesAConnectionAndServesWhatWasReadOfItAlready() throws IOException {
        try (SocketPair client = SocketPair.open(Socket.SOCK_STREAM | Socket.SOCK_NONBLOCK);
                BlockingSocket socket = new BlockingSocket(client.near())) {
            byte[] unread = "GET /function/nobody HTTP/1.1\r\nHost: a\r\nConn".getBytes(StandardCharsets.US_ASCII);
            new ConnectionFrame(System.nanoTime(), 0, (short) 0, false, unread).write(buffer.bytes(), Type.CONNECTION);
            send(client.far().number());
            client.far().close();
            assertThat(next()).isEqualTo(Type.ADOPTED);
            assertThat(buffer.bytes().getLong(2)).isEqualTo(1);

            byte[] rest = "ection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            socket.write(rest, 0, rest.length, WAIT_MILLIS);
            assertThat(readAll(socket)).startsWith("HTTP/1.1 404").contains("X-Baton-Error: NO_FUNCTION");
        }
    }

    @Test
    void theLastAnswerArrivesWholeWhenTheClientHasSentMore() throws IOException {
        try (SocketPair client = SocketPair.open(Socket.SOCK_STREAM | Socket.SOCK_NONBLOCK);
                BlockingSocket socket = new BlockingSocket(client.near())) {
            String last = "GET /function/nobody HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            byte[] bytes = (last + last.repeat(300)).getBytes(StandardCharsets.US_ASCII);
            ConnectionFrame.untouched(System.nanoTime(), 0, 0).write(buffer.bytes(), Type.CONNECTION);
            send(client.far().number());
            client.far().close();
            socket.write(bytes, 0, bytes.length, WAIT_MILLIS);
            String answer = readAll(socket);
            assertThat(answer).startsWith("HTTP/1.1 404").endsWith("\"code\":\"NO_FUNCTION\"}\n");
            assertThat(answer.split("HTTP/1.1 404", -1)).as("answered once").hasSize(2);
        }
    }

    @Test
    void aConnectionOfTheControlPlaneComesBackWithItsBytes() throws IOException {
        try (SocketPair client = SocketPair.open(Socket.SOCK_STREAM | Socket.SOCK_NONBLOCK);
                BlockingSocket socket = new BlockingSocket(client.near())) {
            String request = "POST /deploy?name=a&lang=c HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nint m";
            ConnectionFrame.untouched(System.nanoTime(), 0, 0).write(buffer.bytes(), Type.CONNECTION);
            send(client.far().number());
            client.far().close();
            byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
            socket.write(bytes, 0, bytes.length, WAIT_MILLIS);

            assertThat(next()).isEqualTo(Type.ADOPTED);
            assertThat(next()).isEqualTo(Type.CONNECTION_BACK);
            try (Descriptor back = new Descriptor(syscalls.takeReceived())) {
                buffer.bytes().position(2);
                assertThat(new String(ConnectionFrame.read(buffer.bytes()).unread(), StandardCharsets.US_ASCII))
                        .isEqualTo(request);
                assertThat(back.number()).isPositive();
            }
        }
    }

    @Test
    void endsWithALineInTheLogWhenItsLoopFails() throws IOException {
        buffer.bytes().clear().put((byte) 99).put((byte) 1);
        send(-1);
        assertThat(exitCode()).isEqualTo(70);
        assertThat(printed()).contains("worker shared/0: thread slot-", "failed, ending", "protocol version 99");
    }

    @Test
    void endsWhenTheGatewayIsGone() throws IOException {
        worker.control().close();
        assertThat(exitCode()).isEqualTo(1);
        assertThat(printed()).contains("the gateway is gone");
    }

    @Test
    void endsInOrderWhenItIsDrained() {
        buffer.bytes()
                .clear()
                .put(Protocol.VERSION)
                .put(Type.DRAIN)
                .putInt(5_000)
                .put((byte) 0);
        send(-1);
        assertThat(exitCode()).isZero();
    }
}
