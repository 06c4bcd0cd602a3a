package baton.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FunctionCountersTest {
    @Test
    void decodesWhatItEncoded() {
        FunctionCounters counters = new FunctionCounters();
        counters.completed(10);
        counters.failed(1_000_000_000_000L);
        counters.timedOut(5_000_000_000L);
        counters.coldStarted(70_000);
        ByteBuffer bytes = ByteBuffer.allocate(FunctionCounters.MAX_ENCODED_BYTES);

        counters.encode(bytes);
        FunctionCounters decoded = FunctionCounters.decode(bytes.flip());

        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(decoded.invocations()).isEqualTo(3);
        assertThat(decoded.errors()).isEqualTo(2);
        assertThat(decoded.timeouts()).isEqualTo(1);
        assertThat(decoded.coldStarts()).isEqualTo(1);
        assertThat(decoded.durations().sumNanos()).isEqualTo(1_005_000_000_010L);
        assertThat(decoded.durations().count(Histogram.buckets())).isEqualTo(1);
        assertThat(decoded.starts().count()).isEqualTo(1);
    }

    @Test
    void leavesTheBufferBehindItself() {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        new FunctionCounters().encode(bytes);
        bytes.put((byte) 42).flip();

        FunctionCounters.decode(bytes);

        assertThat(bytes.get()).isEqualTo((byte) 42);
    }

    @Test
    void fitsIntoItsBoundEvenWithTheLargestNumbers() {
        ByteBuffer bytes = ByteBuffer.allocate(FunctionCounters.MAX_ENCODED_BYTES);
        bytes.put((byte) 1);
        int numbers = 4 + 2 * (Histogram.buckets() + 2);
        for (int i = 0; i < numbers; i++) {
            Varint.write(bytes, Long.MAX_VALUE);
        }

        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(FunctionCounters.decode(bytes.flip()).invocations()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void refusesEveryTruncation() {
        FunctionCounters counters = new FunctionCounters();
        counters.completed(1_000_000);
        ByteBuffer bytes = ByteBuffer.allocate(FunctionCounters.MAX_ENCODED_BYTES);
        counters.encode(bytes);
        for (int length = 0; length < bytes.position(); length++) {
            ByteBuffer cut = ByteBuffer.wrap(bytes.array(), 0, length);
            assertThatThrownBy(() -> FunctionCounters.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesAnotherFormat() {
        assertThatThrownBy(() -> FunctionCounters.decode(ByteBuffer.wrap(new byte[] {9, 0, 0})))
                .hasMessageContaining("format 9");
    }
}
