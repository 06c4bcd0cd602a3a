package baton.metrics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Writes a snapshot in Prometheus' text format, version 0.0.4.
public final class Prometheus {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private Prometheus() {}

    /// The text of a snapshot: metrics in the order of the catalogue, without those that have no value.
    public static String text(MetricsSnapshot snapshot) {
        StringBuilder out = new StringBuilder(8 << 10);
        for (Metric metric : Metric.values()) {
            List<MetricsSnapshot.Series> series = snapshot.series(metric);
            if (!series.isEmpty()) {
                head(out, metric);
                series.forEach(one -> line(out, metric, one));
            }
        }
        return out.toString();
    }

    private static void head(StringBuilder out, Metric metric) {
        out.append("# HELP ").append(metric.label()).append(' ');
        out.append(metric.help().replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
        out.append("# TYPE ").append(metric.label()).append(' ');
        out.append(metric.type().label()).append('\n');
    }

    private static void line(StringBuilder out, Metric metric, MetricsSnapshot.Series series) {
        switch (series) {
            case MetricsSnapshot.Value value ->
                sample(out, metric.label(), metric.labels(), value.labels(), value.value());
            case MetricsSnapshot.Distribution distribution ->
                histogram(out, metric, distribution.labels(), distribution.histogram());
        }
    }

    private static void histogram(StringBuilder out, Metric metric, List<String> values, Histogram histogram) {
        List<String> names = append(metric.labels(), "le");
        long below = 0;
        for (int bucket = 0; bucket < Histogram.buckets(); bucket++) {
            below += histogram.count(bucket);
            String bound = number(Histogram.bound(bucket).toNanos() / NANOS_PER_SECOND);
            sample(out, metric.label() + "_bucket", names, append(values, bound), (double) below);
        }
        sample(out, metric.label() + "_bucket", names, append(values, "+Inf"), (double) histogram.count());
        double sum = histogram.sumNanos() / NANOS_PER_SECOND;
        sample(out, metric.label() + "_sum", metric.labels(), values, sum);
        sample(out, metric.label() + "_count", metric.labels(), values, (double) histogram.count());
    }

    private static void sample(StringBuilder out, String name, List<String> labels, List<String> values, double value) {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{');
            for (int i = 0; i < labels.size(); i++) {
                out.append(i == 0 ? "" : ",").append(labels.get(i)).append("=\"");
                out.append(escaped(values.get(i))).append('"');
            }
            out.append('}');
        }
        out.append(' ').append(number(value)).append('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /// Whole numbers without a fraction, others without an exponent.
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static List<String> append(List<String> list, String last) {
        List<String> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
