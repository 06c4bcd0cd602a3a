package baton.pool;

import static org.assertj.core.api.Assertions.assertThat;

import baton.function.RouteTable;
import baton.pool.WorkerLink.Handoff;
import baton.posix.ChildProcess;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The gateway's end against a peer that does what a worker may do at its worst, over a real socket.
class WorkerLinkTest {
    private final Syscalls syscalls = new Syscalls();
    private final MessageBuffer worker = new MessageBuffer(Protocol.MAX_FRAME_BYTES);
    private final Heard heard = new Heard();
    private final List<Descriptor> peers = new ArrayList<>();
    private SocketPair control;
    private SocketPair telemetry;
    private ChildProcess process;
    private WorkerLink link;

    @BeforeEach
    void open() throws IOException {
        control = SocketPair.open(Socket.SOCK_SEQPACKET | Socket.SOCK_NONBLOCK);
        telemetry = SocketPair.open(Socket.SOCK_DGRAM | Socket.SOCK_NONBLOCK);
        process = ChildProcess.start(
                new ChildProcess.Start(List.of("/bin/sh", "-c", "exit 0"), Map.of(), telemetry.far(), List.of()));
        WorkerLaunch.Started started = new WorkerLaunch.Started(process, control.near(), telemetry.near());
        link = new WorkerLink("shared/0", started, new MessageBuffer(Protocol.MAX_FRAME_BYTES), heard);
    }

    @AfterEach
    void close() {
        link.takeUnacknowledged(syscalls).forEach(handoff -> syscalls.close(handoff.fd()));
        link.close();
        control.close();
        telemetry.close();
        process.await(10_000);
        process.reap();
        process.close();
        peers.forEach(Descriptor::close);
    }

    /// A connection to hand over, whose other end tells when the last copy is closed.
    private Handoff connection(byte[] unread) throws IOException {
        SocketPair client = SocketPair.open(Socket.SOCK_STREAM | Socket.SOCK_NONBLOCK);
        peers.add(client.near());
        return new Handoff(client.far().release(), new ConnectionFrame(1, 2, (short) 3, false, unread));
    }

    private boolean closed(int client) {
        return worker.receive(syscalls, peers.get(client).number()) == 0;
    }

    private void say(byte type, long value) {
        worker.bytes().clear().put(Protocol.VERSION).put(type).putLong(value);
        assertThat(worker.send(syscalls, control.far().number(), -1)).isPositive();
    }

    /// Takes the next frame as a worker does.
    ///
    /// @return its type, or -1 when there is none
    private int take() {
        int count = worker.receive(syscalls, control.far().number());
        if (count == -Errno.EAGAIN) {
            return -1;
        }
        assertThat(count).isPositive();
        int descriptor = syscalls.takeReceived();
        if (descriptor >= 0) {
            syscalls.close(descriptor);
        }
        return worker.bytes().get(1);
    }

    @Test
    void anAcknowledgementClosesOurCopyAndNoEarlier() throws IOException {
        link.handOff(syscalls, connection(new byte[0]));
        link.handOff(syscalls, connection(new byte[0]));
        assertThat(take()).isEqualTo(Type.CONNECTION);
        assertThat(take()).isEqualTo(Type.CONNECTION);
        assertThat(closed(0)).isFalse();

        say(Type.ADOPTED, 1);
        assertThat(link.receive(syscalls)).isEmpty();
        assertThat(closed(0)).isTrue();
        assertThat(closed(1)).isFalse();
    }

    @Test
    void whatWasNotAcknowledgedComesBackWhenThePeerDies() throws IOException {
        Handoff first = connection(new byte[0]);
        Handoff second = connection("GET".getBytes());
        link.handOff(syscalls, first);
        link.handOff(syscalls, second);
        take();
        take();
        say(Type.ADOPTED, 1);
        control.far().close();

        assertThat(link.receive(syscalls)).isEqualTo("ended");
        assertThat(link.takeUnacknowledged(syscalls)).containsExactly(second);
        assertThat(link.takeUnacknowledged(syscalls)).isEmpty();
        assertThat(closed(1)).isFalse();
        syscalls.close(second.fd());
    }

    @Test
    void anAcknowledgementCountsEvenIfThePeerDiedWithFramesUnread() throws IOException {
        Handoff second = connection(new byte[0]);
        link.handOff(syscalls, connection(new byte[0]));
        take();
        say(Type.ADOPTED, 1);
        link.handOff(syscalls, second);
        control.far().close();

        assertThat(link.receive(syscalls)).isEqualTo("ended");
        assertThat(closed(1)).as("adopted, so it is the worker's").isTrue();
        assertThat(link.takeUnacknowledged(syscalls)).containsExactly(second);
        syscalls.close(second.fd());
    }

    @Test
    void framesWaitInOrderWhileThePeerDoesNotRead() throws IOException {
        int count = 0;
        while (!link.blocked()) {
            link.handOff(syscalls, connection(new byte[32 << 10]));
            count++;
            assertThat(count).isLessThan(10_000);
        }
        link.handOff(syscalls, connection(new byte[0]));
        link.drain(syscalls, 5, true);
        count++;

        int taken = 0;
        int type = take();
        while (type == Type.CONNECTION) {
            taken++;
            link.flush(syscalls);
            type = take();
        }
        assertThat(type).isEqualTo(Type.DRAIN);
        assertThat(taken).isEqualTo(count);
        assertThat(link.blocked()).isFalse();
        say(Type.ADOPTED, count);
        assertThat(link.receive(syscalls)).isEmpty();
        assertThat(closed(0)).isTrue();
        assertThat(closed(count - 1)).isTrue();
    }

    @Test
    void whatStillWaitsComesBackToo() throws IOException {
        int count = 0;
        while (!link.blocked()) {
            link.handOff(syscalls, connection(new byte[32 << 10]));
            count++;
        }
        control.far().close();
        List<Handoff> back = link.takeUnacknowledged(syscalls);
        assertThat(back).hasSize(count);
        back.forEach(handoff -> syscalls.close(handoff.fd()));
    }

    @Test
    void moreAcknowledgedThanHandedOverIsAFault() throws IOException {
        link.handOff(syscalls, connection(new byte[0]));
        say(Type.ADOPTED, 2);
        assertThat(link.receive(syscalls)).contains("more connections acknowledged than handed over");
    }

    @Test
    void garbageIsAFault() {
        worker.bytes().clear().put((byte) 77).put((byte) 1);
        worker.send(syscalls, control.far().number(), -1);
        assertThat(link.receive(syscalls)).contains("protocol version 77");
    }

    @Test
    void anUnknownTypeAndATruncatedFrameAreFaults() {
        worker.bytes().clear().put(Protocol.VERSION).put((byte) 99);
        worker.send(syscalls, control.far().number(), -1);
        assertThat(link.receive(syscalls)).contains("frame type 99");
        worker.bytes().clear().put(Protocol.VERSION).put(Type.APPLIED).putInt(1);
        worker.send(syscalls, control.far().number(), -1);
        assertThat(link.receive(syscalls)).contains("not of the protocol");
    }

    @Test
    void isAvailableOnlyWhenReadyWithRoutesAndNotDraining() {
        assertThat(link.available()).isFalse();
        link.publish(syscalls, new RouteTable(3, Map.of(), Map.of()));
        say(Type.READY, 400);
        assertThat(link.receive(syscalls)).isEmpty();
        assertThat(link.available()).isFalse();
        say(Type.APPLIED, 2);
        assertThat(link.receive(syscalls)).isEmpty();
        assertThat(link.available()).as("with older routes").isFalse();
        say(Type.APPLIED, 3);
        assertThat(link.receive(syscalls)).isEmpty();
        assertThat(link.available()).isTrue();
        assertThat(heard.startMillis).isEqualTo(400);
        assertThat(heard.applied).isEqualTo(3);
        link.drain(syscalls, 1_000, true);
        assertThat(link.available()).isFalse();
    }

    @Test
    void aConnectionThatComesBackBringsItsDescriptorAndBytes() throws IOException {
        try (SocketPair client = SocketPair.open(Socket.SOCK_STREAM | Socket.SOCK_NONBLOCK)) {
            new ConnectionFrame(9, 8, (short) 7, false, "POST /deploy".getBytes())
                    .write(worker.bytes(), Type.CONNECTION_BACK);
            worker.send(syscalls, control.far().number(), client.far().number());
            client.far().close();

            assertThat(link.receive(syscalls)).isEmpty();
            assertThat(new String(heard.back.unread())).isEqualTo("POST /deploy");
            heard.socket.close();
            assertThat(worker.receive(syscalls, client.near().number()))
                    .as("ours was the last copy")
                    .isZero();
        }
    }

    @Test
    void aConnectionThatComesBackWithoutItsDescriptorIsNoFault() {
        ConnectionFrame.untouched(9, 8, 7).write(worker.bytes(), Type.CONNECTION_BACK);
        worker.send(syscalls, control.far().number(), -1);
        assertThat(link.receive(syscalls)).isEmpty();
        assertThat(heard.socket).isNull();
    }

    @Test
    void aStreamToAHostIsClosedHereOnceItIsSent() throws IOException {
        try (SocketPair stream = SocketPair.open(Socket.SOCK_STREAM | Socket.SOCK_NONBLOCK)) {
            int number = stream.far().number();
            link.giveHost(syscalls, "hello_1", stream.far());
            assertThat(Files.exists(Path.of("/proc/self/fd/" + number))).isFalse();
            assertThat(take()).isEqualTo(Type.HOST);
            assertThat(worker.receive(syscalls, stream.near().number())).isZero();
        }
    }

    @Test
    void aNewWorkerGetsTheWholeTable() {
        link.publish(syscalls, new RouteTable(4, Map.of(), Map.of()));
        assertThat(take()).isEqualTo(Type.CHANGE_BEGIN);
        assertThat(take()).isEqualTo(Type.CHANGE_END);
        assertThat(worker.bytes().getLong(2)).isEqualTo(4);
        assertThat(take()).isEqualTo(-1);
    }

    private static final class Heard implements WorkerLink.Listener {
        long startMillis;
        long applied;
        Descriptor socket;
        ConnectionFrame back;

        @Override
        public void ready(WorkerLink link, long millis) {
            startMillis = millis;
        }

        @Override
        public void applied(WorkerLink link, long number) {
            applied = number;
        }

        @Override
        public void connectionBack(WorkerLink link, Descriptor descriptor, ConnectionFrame state) {
            socket = descriptor;
            back = state;
        }

        @Override
        public void connectionMoved(WorkerLink link, Descriptor descriptor, ConnectionFrame state) {
            connectionBack(link, descriptor, state);
        }

        @Override
        public void hostWanted(WorkerLink link, String versionId) {}

        @Override
        public void hostStuck(WorkerLink link, String versionId) {}

        @Override
        public void moduleRejected(WorkerLink link, String versionId, String reason) {}
    }
}
