package baton.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenersTest {
    private static final int WAIT_MILLIS = 10_000;

    @TempDir
    Path directory;

    @Test
    void aUnixListenerWorksBeyond108BytesOfPath() throws IOException {
        Path deep = Files.createDirectories(directory.resolve("d".repeat(120)).resolve("e".repeat(60)));
        Path path = deep.resolve("socket");
        try (UnixListener listener = UnixListener.open(path);
                BlockingSocket client = new BlockingSocket(listener.connect())) {
            Syscalls syscalls = Syscalls.ofThread();
            syscalls.poll(listener.socket().number(), Socket.POLLIN, -1, WAIT_MILLIS);
            Descriptor accepted =
                    new Descriptor(syscalls.accept(listener.socket().number()));
            try (BlockingSocket server = new BlockingSocket(accepted)) {
                byte[] text = "through a long path".getBytes(StandardCharsets.US_ASCII);
                client.write(text, 0, text.length, WAIT_MILLIS);
                byte[] read = new byte[100];
                assertThat(server.read(read, 0, 100, WAIT_MILLIS)).isEqualTo(text.length);
                assertThat(read).startsWith(text);
            }
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void aBusyPortIsAnErrorThatNamesIt() throws IOException {
        try (TcpListener listener = TcpListener.open(InetAddress.getLoopbackAddress(), 0, 0)) {
            int port = listener.port();
            assertThatThrownBy(() -> TcpListener.open(InetAddress.getLoopbackAddress(), port, 0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(Integer.toString(port))
                    .hasMessageContaining("address already in use");
        }
    }

    @Test
    void acceptsAndTellsWhoCame() throws IOException {
        try (TcpListener listener = TcpListener.open(InetAddress.getLoopbackAddress(), 0, 0);
                java.net.Socket client = new java.net.Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            Syscalls syscalls = Syscalls.ofThread();
            syscalls.poll(listener.number(), Socket.POLLIN, -1, WAIT_MILLIS);
            try (Descriptor accepted = new Descriptor(syscalls.accept(listener.number()))) {
                assertThat(SocketAddress.host(syscalls.peer())).isEqualTo("127.0.0.1");
                assertThat(SocketAddress.port(syscalls.peer())).isEqualTo(client.getLocalPort());
                assertThat(accepted.number()).isPositive();
            }
        }
    }

    @Test
    void aReadWithoutBytesTimesOut() throws IOException {
        try (SocketPair pair = SocketPair.open(Socket.SOCK_STREAM);
                BlockingSocket socket = new BlockingSocket(pair.near())) {
            assertThatThrownBy(() -> socket.read(new byte[10], 0, 10, 20)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void aWriteThatNobodyReadsTimesOut() throws IOException {
        try (SocketPair pair = SocketPair.open(Socket.SOCK_STREAM);
                BlockingSocket socket = new BlockingSocket(pair.near())) {
            byte[] much = new byte[4 << 20];
            assertThatThrownBy(() -> socket.write(much, 0, much.length, 20)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void theEndIsTold() throws IOException {
        try (SocketPair pair = SocketPair.open(Socket.SOCK_STREAM);
                BlockingSocket socket = new BlockingSocket(pair.near())) {
            pair.far().close();
            assertThat(socket.read(new byte[10], 0, 10, WAIT_MILLIS)).isEqualTo(-1);
            assertThatThrownBy(() -> socket.write(new byte[10], 0, 10, WAIT_MILLIS))
                    .isInstanceOf(EOFException.class);
        }
    }
}
