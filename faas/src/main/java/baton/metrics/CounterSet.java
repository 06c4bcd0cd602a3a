package baton.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counters of one metric, one for each value of its label. Safe for use by several threads.
///
/// Values of the label must come from the program, never from a client: there is one counter for each, for
/// good.
public final class CounterSet implements MetricsSource {
    private final Metric metric;
    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();

    /// @param metric a counter with one label
    public CounterSet(Metric metric) {
        if (metric.type() != Metric.Type.COUNTER || metric.labels().size() != 1) {
            throw new IllegalArgumentException(metric + " is not a counter with one label");
        }
        this.metric = metric;
    }

    public void increment(String label) {
        counters.computeIfAbsent(label, l -> new LongAdder()).increment();
    }

    public long count(String label) {
        LongAdder counter = counters.get(label);
        return counter == null ? 0 : counter.sum();
    }

    @Override
    public void collect(MetricsSnapshot snapshot) {
        counters.forEach((label, counter) -> snapshot.add(metric, counter.sum(), label));
    }
}
