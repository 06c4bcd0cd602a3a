package baton.metrics;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// All numbers at one moment, gathered from their sources. Used by one thread.
public final class MetricsSnapshot {
    /// One series of a metric, with the values of the metric's labels in their order.
    sealed interface Series {
        List<String> labels();
    }

    record Value(List<String> labels, double value) implements Series {}

    record Distribution(List<String> labels, Histogram histogram) implements Series {}

    private final Map<Metric, List<Series>> series = new EnumMap<>(Metric.class);

    /// Gathers what the sources have to show.
    public static MetricsSnapshot of(List<MetricsSource> sources) {
        MetricsSnapshot snapshot = new MetricsSnapshot();
        sources.forEach(source -> source.collect(snapshot));
        return snapshot;
    }

    /// Adds one whole value of a counter or gauge; beyond 2^53 it is rounded.
    ///
    /// @param labels values of the metric's labels, in their order
    public void add(Metric metric, long value, String... labels) {
        add(metric, (double) value, labels);
    }

    /// Adds one value of a counter or gauge.
    ///
    /// @param labels values of the metric's labels, in their order
    public void add(Metric metric, double value, String... labels) {
        put(metric, metric.type() != Metric.Type.HISTOGRAM, new Value(List.of(labels), value));
    }

    /// Adds one histogram.
    public void add(Metric metric, Histogram histogram, String... labels) {
        put(metric, metric.type() == Metric.Type.HISTOGRAM, new Distribution(List.of(labels), histogram.copy()));
    }

    private void put(Metric metric, boolean fits, Series added) {
        if (!fits || metric.labels().size() != added.labels().size()) {
            throw new IllegalArgumentException(
                    metric + " is a " + metric.type() + " with labels " + metric.labels() + ", not " + added);
        }
        series.computeIfAbsent(metric, m -> new ArrayList<>()).add(added);
    }

    /// The series of a metric in the order of their labels.
    List<Series> series(Metric metric) {
        return series.getOrDefault(metric, List.of()).stream()
                .sorted((a, b) -> a.labels().toString().compareTo(b.labels().toString()))
                .toList();
    }
}
