package baton.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SyscallsTest {
    private static final int TYPE = Socket.SOCK_SEQPACKET | Socket.SOCK_NONBLOCK;

    private final Syscalls syscalls = new Syscalls();
    private final MessageBuffer buffer = new MessageBuffer(1024);

    private void send(Descriptor to, String text, int fd) {
        buffer.bytes().clear().put(text.getBytes());
        assertThat(buffer.send(syscalls, to.number(), fd)).isEqualTo(text.length());
    }

    private String received() {
        byte[] bytes = new byte[buffer.bytes().remaining()];
        buffer.bytes().get(bytes);
        return new String(bytes);
    }

    @Test
    void oneMessageStaysOneMessage() throws IOException {
        try (SocketPair pair = SocketPair.open(TYPE)) {
            send(pair.near(), "first", -1);
            send(pair.near(), "second", -1);

            assertThat(buffer.receive(syscalls, pair.far().number())).isEqualTo(5);
            assertThat(received()).isEqualTo("first");
            assertThat(syscalls.takeReceived()).isEqualTo(-1);
            assertThat(buffer.receive(syscalls, pair.far().number())).isEqualTo(6);
            assertThat(received()).isEqualTo("second");
            assertThat(buffer.receive(syscalls, pair.far().number())).isEqualTo(-Errno.EAGAIN);
        }
    }

    @Test
    void aDescriptorTravelsAsASecondCopy() throws IOException {
        try (SocketPair pair = SocketPair.open(TYPE);
                SocketPair passed = SocketPair.open(TYPE)) {
            send(pair.near(), "take it", passed.far().number());
            passed.far().close();

            buffer.receive(syscalls, pair.far().number());
            try (Descriptor copy = new Descriptor(syscalls.takeReceived())) {
                assertThat(syscalls.takeReceived()).isEqualTo(-1);
                send(passed.near(), "through it", -1);
                buffer.receive(syscalls, copy.number());
                assertThat(received()).isEqualTo("through it");
            }
            assertThat(buffer.receive(syscalls, passed.near().number())).isZero();
        }
    }

    @Test
    void theEndComesAfterWhatWasSent() throws IOException {
        try (SocketPair pair = SocketPair.open(TYPE)) {
            send(pair.near(), "last words", -1);
            pair.near().close();

            assertThat(buffer.receive(syscalls, pair.far().number())).isEqualTo(10);
            assertThat(buffer.receive(syscalls, pair.far().number())).isZero();
        }
    }

    @Test
    void anEndWithUnreadMessagesIsAResetOnceAndThenTheRest() throws IOException {
        try (SocketPair pair = SocketPair.open(TYPE)) {
            send(pair.near(), "never read", -1);
            send(pair.far(), "still there", -1);
            pair.far().close();

            assertThat(buffer.receive(syscalls, pair.near().number())).isEqualTo(-Errno.ECONNRESET);
            assertThat(buffer.receive(syscalls, pair.near().number())).isEqualTo(11);
            assertThat(buffer.receive(syscalls, pair.near().number())).isZero();
        }
    }

    @Test
    void aMessageLongerThanTheBufferIsRefusedAndItsDescriptorClosed() throws IOException {
        try (SocketPair pair = SocketPair.open(TYPE);
                SocketPair passed = SocketPair.open(TYPE)) {
            MessageBuffer large = new MessageBuffer(4096);
            large.bytes().position(2000);
            assertThat(large.send(syscalls, pair.near().number(), passed.far().number()))
                    .isEqualTo(2000);
            passed.far().close();

            assertThat(buffer.receive(syscalls, pair.far().number())).isEqualTo(-Errno.EMSGSIZE);
            assertThat(syscalls.takeReceived()).isEqualTo(-1);
            assertThat(buffer.receive(syscalls, passed.near().number()))
                    .as("closed")
                    .isZero();
        }
    }

    @Test
    void sendingToAClosedSocketFailsWithoutASignal() throws IOException {
        try (SocketPair pair = SocketPair.open(TYPE)) {
            pair.far().close();
            buffer.bytes().clear().put((byte) 1);
            assertThat(buffer.send(syscalls, pair.near().number(), -1)).isEqualTo(-Errno.EPIPE);
        }
    }

    @Test
    void aFullSocketSaysSo() throws IOException {
        try (SocketPair pair = SocketPair.open(TYPE)) {
            int sent = 0;
            int result;
            do {
                buffer.bytes().position(1000);
                result = buffer.send(syscalls, pair.near().number(), -1);
                sent++;
            } while (result > 0 && sent < 100_000);
            assertThat(result).isEqualTo(-Errno.EAGAIN);
        }
    }

    @Test
    void pollTellsWhichDescriptorIsReady() throws IOException {
        try (SocketPair one = SocketPair.open(TYPE);
                SocketPair two = SocketPair.open(TYPE)) {
            int first = one.near().number();
            int second = two.near().number();
            assertThat(syscalls.poll(first, Socket.POLLIN, second, 0)).isZero();
            send(two.far(), "x", -1);
            assertThat(syscalls.poll(first, Socket.POLLIN, second, 1000)).isEqualTo(2);
            send(one.far(), "x", -1);
            assertThat(syscalls.poll(first, Socket.POLLIN, second, 1000)).isEqualTo(3);
        }
    }

    @Test
    void epollReportsWhatWaitsAndForgetsWhatIsRemoved() throws IOException {
        try (SocketPair pair = SocketPair.open(TYPE);
                Epoll epoll = Epoll.open(8)) {
            int fd = pair.near().number();
            send(pair.far(), "x", -1);
            assertThat(epoll.add(syscalls, fd, Epoll.IN | Epoll.EDGE, 0x1234_5678_9abcL))
                    .isZero();
            assertThat(epoll.await(syscalls, 1000)).isEqualTo(1);
            assertThat(epoll.dataAt(0)).isEqualTo(0x1234_5678_9abcL);
            assertThat(epoll.eventsAt(0) & Epoll.IN).isNotZero();
            assertThat(epoll.await(syscalls, 0)).as("an edge is reported once").isZero();
            epoll.remove(syscalls, fd);
            send(pair.far(), "y", -1);
            assertThat(epoll.await(syscalls, 0)).isZero();
        }
    }

    @Test
    void anEventDescriptorWakesAPoll() throws IOException {
        try (Descriptor event = new Descriptor(syscalls.eventDescriptor())) {
            assertThat(syscalls.poll(event.number(), Socket.POLLIN, -1, 0)).isZero();
            syscalls.wake(event.number());
            assertThat(syscalls.poll(event.number(), Socket.POLLIN, -1, 1000)).isEqualTo(1);
            syscalls.clearWake(event.number());
            assertThat(syscalls.poll(event.number(), Socket.POLLIN, -1, 0)).isZero();
        }
    }

    @Test
    void aDescriptorIsClosedOnceAndNotAfterItWasGivenAway() throws IOException {
        try (SocketPair pair = SocketPair.open(TYPE)) {
            int number = pair.near().number();
            assertThat(pair.near().release()).isEqualTo(number);
            pair.near().close();
            assertThat(Files.exists(Path.of("/proc/self/fd/" + number))).isTrue();
            assertThatThrownBy(() -> pair.near().number()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> pair.near().release()).isInstanceOf(IllegalStateException.class);
            syscalls.close(number);
        }
    }
}
