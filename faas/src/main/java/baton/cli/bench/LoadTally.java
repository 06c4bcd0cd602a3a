package baton.cli.bench;

import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// What one loop has measured. Owned by the loop's thread until that has ended; only the two counters may be
/// read meanwhile.
final class LoadTally {
    private static final long LOWEST_NANOS = 1_000;
    private static final long HIGHEST_NANOS = 600_000_000_000L;
    private static final int DIGITS = 3;

    private final Histogram latencies = new Histogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
    private final SortedMap<Integer, Long> statuses = new TreeMap<>();
    private final SortedMap<String, Long> errors = new TreeMap<>();
    private long bytesRead;
    private long bytesWritten;
    private volatile long answered;
    private volatile long failed;

    /// Counts one whole answer.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void answered(int status, String errorCode, long nanos) {
        latencies.recordValue(Math.clamp(nanos, LOWEST_NANOS, HIGHEST_NANOS));
        statuses.merge(status, 1L, Long::sum);
        if (status < 200 || status > 299) {
            errors.merge("HTTP " + status + (errorCode.isEmpty() ? "" : " " + errorCode), 1L, Long::sum);
            failed++;
        }
        answered++;
    }

    /// Counts a request that got no whole answer.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void failed(String kind) {
        errors.merge(kind, 1L, Long::sum);
        failed++;
    }

    void read(long bytes) {
        bytesRead += bytes;
    }

    void wrote(long bytes) {
        bytesWritten += bytes;
    }

    /// Whole answers so far, whatever their status; any thread may ask.
    long answers() {
        return answered;
    }

    /// Failures so far; any thread may ask.
    long failures() {
        return failed;
    }

    /// Adds what another loop measured.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void add(LoadTally other) {
        latencies.add(other.latencies);
        other.statuses.forEach((status, count) -> statuses.merge(status, count, Long::sum));
        other.errors.forEach((kind, count) -> errors.merge(kind, count, Long::sum));
        bytesRead += other.bytesRead;
        bytesWritten += other.bytesWritten;
        answered += other.answered;
        failed += other.failed;
    }

    LoadReport report(double seconds) {
        return new LoadReport(
                answered,
                failed,
                seconds,
                new LoadReport.Latency(
                        latencies.getValueAtPercentile(50),
                        latencies.getValueAtPercentile(90),
                        latencies.getValueAtPercentile(99),
                        latencies.getMaxValue(),
                        answered == 0 ? 0 : (long) latencies.getMean()),
                statuses,
                errors,
                bytesRead,
                bytesWritten);
    }
}
