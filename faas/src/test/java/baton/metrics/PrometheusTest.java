package baton.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import baton.function.VersionId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrometheusTest {
    @Test
    void writesTheTextThatIsKeptAsGolden() throws IOException {
        FunctionTotals totals = new FunctionTotals();
        FunctionCounters counters = new FunctionCounters();
        counters.completed(40_000);
        counters.completed(1_500_000);
        counters.failed(700_000);
        counters.timedOut(5_000_000_000L);
        counters.coldStarted(3_000_000);
        totals.report("shared/0:1", VersionId.parse("hello_1760055556"), counters);
        CounterSet errors = new CounterSet(Metric.BATON_HTTP_ERRORS);
        errors.increment("TIMEOUT");
        MetricsSnapshot snapshot = MetricsSnapshot.of(List.of(totals, errors));
        snapshot.add(Metric.BATON_WORKERS, 2, "ready");
        snapshot.add(Metric.BATON_LOG_LINES_DROPPED, 12_345_678_901L);

        assertThat(Prometheus.text(snapshot)).isEqualTo(golden("/golden/metrics.txt"));
    }

    @Test
    void escapesWhatWouldEndALabel() {
        MetricsSnapshot snapshot = new MetricsSnapshot();
        snapshot.add(Metric.BATON_WORKERS, 1, "a\"b\\c\nd");

        assertThat(Prometheus.text(snapshot)).contains("baton_workers{state=\"a\\\"b\\\\c\\nd\"} 1\n");
    }

    @Test
    void leavesOutMetricsWithoutAValue() {
        assertThat(Prometheus.text(new MetricsSnapshot())).isEmpty();
    }

    @Test
    void refusesAValueWithOtherLabelsThanTheCatalogueSays() {
        MetricsSnapshot snapshot = new MetricsSnapshot();

        assertThatThrownBy(() -> snapshot.add(Metric.FAAS_INVOCATIONS, 1, "only-a-name"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("faas_version");
    }

    private static String golden(String resource) throws IOException {
        try (InputStream in = PrometheusTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
