package baton.cli.bench;

import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// The result of a load run.
///
/// @param answered whole answers, whatever their status
/// @param failed answers that were not 2xx and requests without an answer
/// @param statuses answers by status
/// @param errors failures by kind
record LoadReport(
        long answered,
        long failed,
        double seconds,
        Latency latency,
        SortedMap<Integer, Long> statuses,
        SortedMap<String, Long> errors,
        long bytesRead,
        long bytesWritten) {

    /// Nanoseconds from the first byte of the request, or the connection attempt of one without keep-alive,
    /// to the last byte of the answer.
    record Latency(long p50, long p90, long p99, long max, long mean) {}

    LoadReport {
        statuses = new TreeMap<>(statuses);
        errors = new TreeMap<>(errors);
    }

    double perSecond() {
        return seconds == 0 ? 0 : answered / seconds;
    }

    void print(PrintStream to) {
        to.printf(Locale.ROOT, "requests   %,d in %.2f s%n", answered, seconds);
        to.printf(Locale.ROOT, "rate       %,.0f requests/s%n", perSecond());
        to.printf(
                Locale.ROOT,
                "latency    p50 %s   p90 %s   p99 %s   max %s%n",
                millis(latency.p50()),
                millis(latency.p90()),
                millis(latency.p99()),
                millis(latency.max()));
        to.printf(Locale.ROOT, "bytes      %,d read, %,d written%n", bytesRead, bytesWritten);
        statuses.forEach((status, count) -> to.printf(Locale.ROOT, "status     %d: %,d%n", status, count));
        if (errors.isEmpty()) {
            to.println("errors     none");
        }
        errors.forEach((kind, count) -> to.printf(Locale.ROOT, "errors     %s: %,d%n", kind, count));
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("requests", answered);
        json.addProperty("seconds", seconds);
        json.addProperty("requests_per_second", perSecond());
        JsonObject times = new JsonObject();
        times.addProperty("p50", latency.p50() / 1e6);
        times.addProperty("p90", latency.p90() / 1e6);
        times.addProperty("p99", latency.p99() / 1e6);
        times.addProperty("max", latency.max() / 1e6);
        times.addProperty("mean", latency.mean() / 1e6);
        json.add("latency_ms", times);
        JsonObject byStatus = new JsonObject();
        statuses.forEach((status, count) -> byStatus.addProperty(status.toString(), count));
        json.add("status", byStatus);
        JsonObject byKind = new JsonObject();
        errors.forEach(byKind::addProperty);
        json.add("errors", byKind);
        json.addProperty("bytes_read", bytesRead);
        json.addProperty("bytes_written", bytesWritten);
        return json;
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, nanos < 10_000_000 ? "%.3f ms" : "%.1f ms", nanos / 1e6);
    }
}
