package baton.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogLineTest {
    private static final long NOON = 43_201_123L;

    private static LogLine line(String invocation, Object... pairs) {
        return LogLine.of(NOON, Log.Level.INFO, LogEvent.WORKER_READY, "gateway", invocation, pairs);
    }

    @Test
    void readsAsTextInColumns() {
        assertThat(line("", "worker", "shared/0", "pid", 4711).text(ZoneOffset.UTC))
                .isEqualTo("12:00:01.123 INFO  gateway       worker_ready worker=shared/0 pid=4711");
    }

    @Test
    void quotesTextThatWouldBreakTheLine() {
        assertThat(line("a-1", "cause", "no \"such\"\nfile\u001b[31m", "none", "")
                        .text(ZoneOffset.UTC))
                .endsWith("worker_ready invocation=a-1 cause=\"no \\\"such\\\"\\nfile\\u001b[31m\" none=\"\"");
    }

    @Test
    void isOneObjectAsJson() {
        String nasty = "\"\\\n\r\t\u0000\u001b\u007f\u2028ü😀";

        String json = line("a-1", "pid", 4711, "ok", true, "text", nasty, "share", 0.5, "none", Double.NaN)
                .json();

        JsonObject read = JsonParser.parseString(json).getAsJsonObject();
        assertThat(json).doesNotContain("\n", "\u001b", "\u007f");
        assertThat(read.get("time").getAsString()).isEqualTo("1970-01-01T12:00:01.123Z");
        assertThat(read.get("level").getAsString()).isEqualTo("INFO");
        assertThat(read.get("process").getAsString()).isEqualTo("gateway");
        assertThat(read.get("event").getAsString()).isEqualTo("worker_ready");
        assertThat(read.get("invocation").getAsString()).isEqualTo("a-1");
        assertThat(read.getAsJsonPrimitive("pid").isNumber()).isTrue();
        assertThat(read.getAsJsonPrimitive("ok").isBoolean()).isTrue();
        assertThat(read.get("share").getAsDouble()).isEqualTo(0.5);
        assertThat(read.get("none").getAsString()).isEqualTo("NaN");
        assertThat(read.get("text").getAsString()).isEqualTo(nasty);
    }

    @Test
    void survivesTheDatagram() {
        LogLine line = line("a-1", "worker", "shared/0", "pid", 4711, "text", "ü\n😀");

        assertThat(LogCodec.decode(ByteBuffer.wrap(LogCodec.encode(line)))).isEqualTo(line);
    }

    @Test
    void cutsLongValuesBetweenCharacters() {
        LogLine line = line("", "text", "ü".repeat(5000));

        byte[] datagram = LogCodec.encode(line);

        String value =
                LogCodec.decode(ByteBuffer.wrap(datagram)).fields().getFirst().value();
        assertThat(value).matches("ü+…");
        assertThat(value.length()).isGreaterThan(1000);
        assertThat(datagram.length).isLessThanOrEqualTo(LogCodec.MAX_BYTES);
    }

    @Test
    void countsTheFieldsThatDoNotFit() {
        Object[] pairs = new Object[400];
        for (int at = 0; at < pairs.length; at += 2) {
            pairs[at] = "key" + at;
            pairs[at + 1] = "x".repeat(300);
        }

        byte[] datagram = LogCodec.encode(line("", pairs));

        List<LogLine.Field> fields = LogCodec.decode(ByteBuffer.wrap(datagram)).fields();
        assertThat(datagram.length).isLessThanOrEqualTo(LogCodec.MAX_BYTES);
        assertThat(fields.getLast().key()).isEqualTo("omitted");
        assertThat(fields.size() - 1 + Integer.parseInt(fields.getLast().value()))
                .isEqualTo(200);
    }

    @Test
    void refusesEveryPartOfADatagram() {
        byte[] whole = LogCodec.encode(line("a-1", "worker", "shared/0"));

        for (int length = 0; length < whole.length; length++) {
            ByteBuffer part = ByteBuffer.wrap(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> LogCodec.decode(part)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesAnotherVersion() {
        byte[] datagram = LogCodec.encode(line(""));
        datagram[0] = 9;

        assertThatThrownBy(() -> LogCodec.decode(ByteBuffer.wrap(datagram)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 9");
    }
}
