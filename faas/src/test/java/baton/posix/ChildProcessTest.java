package baton.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildProcessTest {
    private static final int WAIT_MILLIS = 10_000;

    private static ChildProcess shell(String script, Descriptor output, Descriptor... inherited) throws IOException {
        return ChildProcess.start(new ChildProcess.Start(
                List.of("/bin/sh", "-c", script), Map.of("GREETING", "hello"), output, List.of(inherited)));
    }

    private static String readAll(BlockingSocket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[1000];
        for (int count = socket.read(buffer, 0, 1000, WAIT_MILLIS);
                count > 0;
                count = socket.read(buffer, 0, 1000, WAIT_MILLIS)) {
            text.append(new String(buffer, 0, count, StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    @Test
    void tellsTheExitCode() throws IOException {
        try (SocketPair out = SocketPair.open(Socket.SOCK_STREAM);
                ChildProcess child = shell("exit 42", out.far())) {
            assertThat(child.await(WAIT_MILLIS)).isTrue();
            assertThat(child.reap()).isEqualTo(42);
        }
    }

    @Test
    void tellsTheSignalThatEndedIt() throws IOException {
        try (SocketPair out = SocketPair.open(Socket.SOCK_STREAM);
                ChildProcess child = shell("exec sleep 1000", out.far())) {
            assertThat(child.reap()).as("while it runs").isEqualTo(-1);
            assertThat(child.await(0)).isFalse();
            child.signal(9);
            assertThat(child.await(WAIT_MILLIS)).isTrue();
            assertThat(child.reap()).isEqualTo(128 + 9);
            child.signal(9);
        }
    }

    @Test
    void inheritsWhatItIsGivenInOrderAndNothingElse() throws IOException {
        try (SocketPair out = SocketPair.open(Socket.SOCK_STREAM);
                SocketPair third = SocketPair.open(Socket.SOCK_STREAM);
                SocketPair fourth = SocketPair.open(Socket.SOCK_STREAM)) {
            // Without a pipe, for the shell's own ends of one would show.
            String script = "echo three >&3; echo four >&4; echo $GREETING; ls /proc/$$/fd; true";
            try (ChildProcess child = shell(script, out.far(), third.far(), fourth.far())) {
                out.far().close();
                third.far().close();
                fourth.far().close();
                assertThat(child.await(WAIT_MILLIS)).isTrue();
                assertThat(child.reap()).isZero();
                assertThat(readAll(new BlockingSocket(third.near()))).isEqualTo("three\n");
                assertThat(readAll(new BlockingSocket(fourth.near()))).isEqualTo("four\n");
                assertThat(readAll(new BlockingSocket(out.near()))).isEqualTo("hello\n0\n1\n2\n3\n4\n");
            }
        }
    }

    @Test
    void runsInAProcessGroupOfItsOwn() throws IOException {
        try (SocketPair out = SocketPair.open(Socket.SOCK_STREAM);
                ChildProcess child = shell("cut -d' ' -f5 /proc/$$/stat", out.far())) {
            out.far().close();
            assertThat(child.await(WAIT_MILLIS)).isTrue();
            assertThat(readAll(new BlockingSocket(out.near())).strip()).isEqualTo(Integer.toString(child.pid()));
            child.reap();
        }
    }

    @Test
    void aProgramThatIsNotThereIsAnErrorThatSaysSo() throws IOException {
        try (SocketPair out = SocketPair.open(Socket.SOCK_STREAM)) {
            ChildProcess.Start start =
                    new ChildProcess.Start(List.of("/nowhere/program"), Map.of(), out.far(), List.of());
            assertThatThrownBy(() -> ChildProcess.start(start))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no such file");
        }
    }
}
