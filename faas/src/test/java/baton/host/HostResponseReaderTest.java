package baton.host;

import static org.assertj.core.api.Assertions.assertThat;

import baton.host.HostResponseReader.Progress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class HostResponseReaderTest {
    private final HostResponseReader reader = new HostResponseReader(1 << 20);

    @Test
    void findsFramesThatComeByteByByte() {
        byte[] hello = hello(1);
        byte[] answer = frame(HostAnswer.OK, 201, "a", "b", "log", "body");
        byte[] both = ByteBuffer.allocate(hello.length + answer.length)
                .put(hello)
                .put(answer)
                .array();
        int frames = 0;
        for (int i = 0; i < both.length; i++) {
            reader.feed(both, i, i + 1);
            Progress progress = reader.next();
            assertThat(progress == Progress.FRAME).isEqualTo(i == hello.length - 1 || i == both.length - 1);
            frames += progress == Progress.FRAME ? 1 : 0;
        }
        assertThat(frames).isEqualTo(2);
        assertThat(reader.mode()).isEqualTo(HostMode.HANDLER);
        assertThat(reader.answer()).isEqualTo(HostAnswer.OK);
        assertThat(reader.id()).isEqualTo(9);
        assertThat(reader.status()).isEqualTo(201);
        assertThat(reader.fields()).isEqualTo(1);
        assertThat(text(reader.nameStart(0), reader.nameEnd(0))).isEqualTo("a");
        assertThat(text(reader.valueStart(0), reader.valueEnd(0))).isEqualTo("b");
        assertThat(text(reader.stderrStart(), reader.stderrEnd())).isEqualTo("log");
        assertThat(text(reader.bodyStart(), reader.bodyEnd())).isEqualTo("body");
    }

    @Test
    void refusesAHeaderThatWouldEndItsLine() {
        greet();
        assertThat(next(frame(HostAnswer.OK, 200, "a", "b\r\nx: y", "", ""))).isEqualTo(Progress.MALFORMED);
        assertThat(reader.errorDetail()).contains("characters that HTTP forbids");
        assertThat(next(frame(HostAnswer.OK, 200, "a", "b", "", ""))).isEqualTo(Progress.MALFORMED);
    }

    @Test
    void refusesANameThatIsNoToken() {
        greet();
        assertThat(next(frame(HostAnswer.OK, 200, "a b", "c", "", ""))).isEqualTo(Progress.MALFORMED);
    }

    @Test
    void refusesAStatusOutOfRange() {
        greet();
        assertThat(next(frame(HostAnswer.OK, 101, "a", "b", "", ""))).isEqualTo(Progress.MALFORMED);
    }

    @Test
    void refusesPartsLongerThanTheirFrame() {
        greet();
        byte[] frame = frame(HostAnswer.OK, 200, "a", "b", "", "");
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(24, 1);
        assertThat(next(frame)).isEqualTo(Progress.MALFORMED);
    }

    @Test
    void refusesAFrameAboveTheLimitAsSoonAsItsLengthIsKnown() {
        greet();
        assertThat(next(new byte[] {0, 0, 0, 127})).isEqualTo(Progress.MALFORMED);
    }

    @Test
    void refusesAnotherVersionAndAnAnswerBeforeHello() {
        assertThat(next(hello(2))).isEqualTo(Progress.MALFORMED);
        assertThat(reader.errorDetail()).contains("version 2, not 1");
        HostResponseReader other = new HostResponseReader(100);
        byte[] answer = frame(HostAnswer.OK, 200, "a", "b", "", "");
        other.feed(answer, 0, answer.length);
        assertThat(other.next()).isEqualTo(Progress.MALFORMED);
    }

    private void greet() {
        assertThat(next(hello(1))).isEqualTo(Progress.FRAME);
    }

    private Progress next(byte[] bytes) {
        reader.feed(bytes, 0, bytes.length);
        return reader.next();
    }

    private String text(int from, int to) {
        return new String(reader.buffer(), from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static byte[] hello(int version) {
        byte[] frame = new byte[32];
        ByteBuffer out = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0, 28).put(9, (byte) 1).putShort(10, (short) version).putInt(12, 4711);
        return frame;
    }

    private static byte[] frame(HostAnswer kind, int status, String name, String value, String stderr, String body) {
        int fields = 4 + name.length() + value.length();
        int total = 32 + fields + stderr.length() + body.length();
        ByteBuffer out = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(total - 4).putInt(9).put((byte) kind.ordinal()).put((byte) 0).putShort((short) status);
        out.putInt(0).putInt(1).putInt(fields).putInt(stderr.length()).putInt(0);
        out.putShort((short) name.length()).putShort((short) value.length());
        out.put((name + value + stderr + body).getBytes(StandardCharsets.ISO_8859_1));
        return out.array();
    }
}
