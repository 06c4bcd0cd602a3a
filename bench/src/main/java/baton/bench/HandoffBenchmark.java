package baton.bench;

import baton.posix.MessageBuffer;
import baton.posix.Socket;
import baton.posix.SocketPair;
import baton.posix.Syscalls;
import baton.wire.ConnectionFrame;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What handing a connection on costs: its state and its descriptor go through a SEQPACKET socket, are
/// received and closed, all on one thread, so without the wake-up of another process.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"})
public class HandoffBenchmark {
    private static final byte FRAME_TYPE = 1;
    private static final int ROOM_BYTES = 32 << 10;
    private static final int HEADER_BYTES = 2;

    /// Bytes of the client that were read before and travel along.
    @Param({"0", "1024", "16384"})
    public int unread;

    private final Syscalls syscalls = new Syscalls();
    private final MessageBuffer out = new MessageBuffer(ROOM_BYTES);
    private final MessageBuffer in = new MessageBuffer(ROOM_BYTES);
    private SocketPair channel;
    private SocketPair client;
    private ConnectionFrame frame;

    @Setup(Level.Trial)
    public void open() throws IOException {
        channel = SocketPair.open(Socket.SOCK_SEQPACKET | Socket.SOCK_NONBLOCK);
        client = SocketPair.open(Socket.SOCK_STREAM);
        frame = new ConnectionFrame(System.nanoTime(), 0x0100007f, (short) 40000, false, new byte[unread]);
    }

    @TearDown(Level.Trial)
    public void close() {
        channel.close();
        client.close();
    }

    @Benchmark
    public ConnectionFrame handOff() {
        frame.write(out.bytes(), FRAME_TYPE);
        int sent = out.send(syscalls, channel.near().number(), client.near().number());
        int count = in.receive(syscalls, channel.far().number());
        int descriptor = syscalls.takeReceived();
        if (sent <= 0 || count != sent || descriptor < 0) {
            throw new IllegalStateException("sent " + sent + ", received " + count + ", descriptor " + descriptor);
        }
        in.bytes().position(HEADER_BYTES);
        ConnectionFrame received = ConnectionFrame.read(in.bytes());
        syscalls.close(descriptor);
        return received;
    }

    /// A call of the kernel that does next to nothing: what each system call costs at least.
    @Benchmark
    public int emptyCall() {
        return syscalls.threadId();
    }
}
