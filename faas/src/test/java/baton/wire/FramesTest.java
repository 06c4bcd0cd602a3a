package baton.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import baton.function.FunctionLimits;
import baton.function.FunctionName;
import baton.function.FunctionVersion;
import baton.function.Isolation;
import baton.function.Language;
import baton.function.RouteTable;
import baton.function.VersionId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final FunctionLimits LIMITS = new FunctionLimits(1 << 20, Duration.ofMillis(1234), 5_000, 6_000, 7);

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(Protocol.MAX_FRAME_BYTES).order(ByteOrder.nativeOrder());
    }

    private static FunctionVersion version(String name, long epoch, Map<String, String> environment) {
        return new FunctionVersion(
                VersionId.parse(name + "_" + epoch),
                Language.C,
                LIMITS,
                environment,
                Isolation.SHARED,
                1,
                "0123456789abcdef".repeat(4));
    }

    private static void takeAll(TableChange.Receiver receiver, List<byte[]> frames) {
        for (int i = 0; i < frames.size(); i++) {
            ByteBuffer frame = ByteBuffer.wrap(frames.get(i)).order(ByteOrder.nativeOrder());
            assertThat(frame.get()).isEqualTo(Protocol.VERSION);
            boolean complete = receiver.accept(frame.get(), frame);
            assertThat(complete).isEqualTo(i == frames.size() - 1);
        }
    }

    @Test
    void aConnectionComesOutAsItWentIn() {
        byte[] unread = "GET / HTTP/1.1\r\n".getBytes();
        ConnectionFrame sent = new ConnectionFrame(123456789L, 0x0100007f, (short) 54321, true, unread);
        ByteBuffer bytes = buffer();
        sent.write(bytes, Protocol.Type.CONNECTION);
        bytes.flip();
        assertThat(bytes.get()).isEqualTo(Protocol.VERSION);
        assertThat(bytes.get()).isEqualTo(Protocol.Type.CONNECTION);
        assertThat(ConnectionFrame.read(bytes)).usingRecursiveComparison().isEqualTo(sent);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void theLargestUnreadRemainderFitsAFrame() {
        ConnectionFrame sent = new ConnectionFrame(1, 2, (short) 3, false, new byte[Protocol.MAX_UNREAD_BYTES]);
        ByteBuffer bytes = buffer();
        sent.write(bytes, Protocol.Type.CONNECTION);
        bytes.flip().position(2);
        assertThat(ConnectionFrame.read(bytes).unread()).hasSize(Protocol.MAX_UNREAD_BYTES);
    }

    @Test
    void aConnectionThatIsCutShortIsRefusedAtEveryLength() {
        ByteBuffer bytes = buffer();
        ConnectionFrame.untouched(1, 2, 3).write(bytes, Protocol.Type.CONNECTION);
        int length = bytes.position();
        for (int cut = 2; cut < length; cut++) {
            ByteBuffer part = ByteBuffer.wrap(bytes.array(), 2, cut - 2).order(ByteOrder.nativeOrder());
            assertThatThrownBy(() -> ConnectionFrame.read(part)).isInstanceOf(BufferUnderflowException.class);
        }
    }

    @Test
    void anUnreadLengthBeyondTheLimitIsRefused() {
        for (int length : new int[] {-1, Protocol.MAX_UNREAD_BYTES + 1, Integer.MAX_VALUE}) {
            ByteBuffer bytes = buffer();
            bytes.putLong(0)
                    .putInt(0)
                    .putShort((short) 0)
                    .put((byte) 0)
                    .putInt(length)
                    .flip();
            assertThatThrownBy(() -> ConnectionFrame.read(bytes)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aVersionComesOutAsItWentIn() {
        FunctionVersion sent = version("resize", 1_760_055_556L, Map.of("KEY", "grün", "EMPTY", ""));
        ByteBuffer bytes = buffer();
        VersionCodec.put(bytes, sent);
        assertThat(VersionCodec.version(bytes.flip())).isEqualTo(sent);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void damagedVersionsAreRefusedAndNeverHang() {
        ByteBuffer bytes = buffer();
        VersionCodec.put(bytes, version("resize", 1_760_055_556L, Map.of("KEY", "value")));
        byte[] whole = Arrays.copyOf(bytes.array(), bytes.position());
        for (int cut = 0; cut < whole.length; cut++) {
            ByteBuffer part = ByteBuffer.wrap(whole, 0, cut).order(ByteOrder.nativeOrder());
            assertThatThrownBy(() -> VersionCodec.version(part)).isInstanceOf(RuntimeException.class);
        }
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                VersionCodec.version(ByteBuffer.wrap(damaged).order(ByteOrder.nativeOrder()));
            } catch (RuntimeException refused) {
                assertThat(refused).isNotInstanceOf(NullPointerException.class);
            }
        }
    }

    @Test
    void aStringLongerThanItsFrameIsRefused() {
        for (int length : new int[] {-1, 5, Integer.MAX_VALUE}) {
            ByteBuffer bytes = buffer().putInt(length).putInt(0).flip();
            assertThatThrownBy(() -> VersionCodec.string(bytes)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aReportComesOutAsItWentIn() {
        WorkerReport sent = new WorkerReport(1, 2, 3, 4, 5, 6, 7, 8);
        ByteBuffer bytes = buffer();
        sent.write(bytes);
        bytes.flip();
        assertThat(bytes.get()).isEqualTo(Telemetry.REPORT);
        assertThat(WorkerReport.read(bytes)).isEqualTo(sent);
    }

    @Test
    void changesLeadFromAnyTableToAnyOther() {
        Random random = new Random(3);
        TableChange.Receiver receiver = new TableChange.Receiver();
        RouteTable before = RouteTable.EMPTY;
        for (int number = 1; number <= 60; number++) {
            RouteTable after = table(random, number);
            takeAll(receiver, TableChange.frames(before, after));
            RouteTable seen = receiver.table(number);
            assertThat(seen.live()).isEqualTo(after.live());
            assertThat(seen.routes()).isEqualTo(after.routes());
            RouteTable old = before;
            assertThat(receiver.takeAdded())
                    .containsExactlyInAnyOrderElementsOf(after.live().values().stream()
                            .filter(version -> !version.equals(
                                    old.live().get(version.name().value())))
                            .toList());
            before = after;
        }
    }

    private static RouteTable table(Random random, long number) {
        Map<String, FunctionVersion> live = new HashMap<>();
        Map<String, FunctionName> routes = new HashMap<>();
        for (int i = 0; i < 30; i++) {
            if (random.nextBoolean()) {
                live.put("f" + i, version("f" + i, 1_000 + random.nextInt(3), Map.of()));
                if (random.nextBoolean()) {
                    routes.put("GET:/r" + i, new FunctionName("f" + i));
                }
            }
        }
        return new RouteTable(number, live, routes);
    }

    @Test
    void aNewWorkerGetsThreeThousandFunctionsInFramesThatFit() {
        Map<String, FunctionVersion> live = new HashMap<>();
        Map<String, FunctionName> routes = new HashMap<>();
        for (int i = 0; i < 3_000; i++) {
            live.put("f" + i, version("f" + i, 1_000_000, Map.of("K" + i, "v".repeat(50))));
            routes.put("POST:/api/" + i, new FunctionName("f" + i));
        }
        List<byte[]> frames = TableChange.frames(RouteTable.EMPTY, new RouteTable(9, live, routes));
        assertThat(frames).allMatch(frame -> frame.length <= Protocol.MAX_FRAME_BYTES);

        TableChange.Receiver receiver = new TableChange.Receiver();
        takeAll(receiver, frames);
        assertThat(receiver.table(9).live()).isEqualTo(live);
        assertThat(receiver.table(9).routes()).isEqualTo(routes);
    }

    @Test
    void aWholeTableForgetsWhatWasThereBefore() {
        TableChange.Receiver receiver = new TableChange.Receiver();
        takeAll(receiver, TableChange.frames(RouteTable.EMPTY, table(new Random(1), 1)));
        RouteTable other = new RouteTable(2, Map.of("only", version("only", 5, Map.of())), Map.of());
        takeAll(receiver, TableChange.frames(RouteTable.EMPTY, other));
        assertThat(receiver.table(2).live()).isEqualTo(other.live());
        assertThat(receiver.table(2).routes()).isEmpty();
    }

    @Test
    void aFrameThatIsNoPartOfAChangeIsRefused() {
        TableChange.Receiver receiver = new TableChange.Receiver();
        assertThatThrownBy(() -> receiver.accept((byte) 99, buffer())).isInstanceOf(IllegalArgumentException.class);
    }
}
