package baton.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void reachesFromFiftyMicrosecondsToTenSeconds() {
        assertThat(Histogram.bound(0)).isEqualTo(Duration.ofNanos(50_000));
        assertThat(Histogram.bound(Histogram.buckets() - 1)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void countsADurationAtABoundInTheBucketBelowIt() {
        Histogram histogram = new Histogram();

        histogram.record(50_000);
        histogram.record(50_001);

        assertThat(histogram.count(0)).isEqualTo(1);
        assertThat(histogram.count(1)).isEqualTo(1);
    }

    @Test
    void countsWhatIsLongerThanEveryBoundBeyondThem() {
        Histogram histogram = new Histogram();

        histogram.record(Duration.ofMinutes(1).toNanos());

        assertThat(histogram.count(Histogram.buckets())).isEqualTo(1);
        assertThat(histogram.sumNanos()).isEqualTo(Duration.ofMinutes(1).toNanos());
    }

    @Test
    void takesANegativeDurationForZero() {
        Histogram histogram = new Histogram();

        histogram.record(-5);

        assertThat(histogram.count(0)).isEqualTo(1);
        assertThat(histogram.sumNanos()).isZero();
    }
}
