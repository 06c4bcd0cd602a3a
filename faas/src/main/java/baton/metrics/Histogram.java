package baton.metrics;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Durations counted in fixed buckets, from 50 µs to 10 s. Written by one thread; copies may be read by any.
public final class Histogram {
    private static final long[] BOUNDS_NANOS = bounds(
            50,
            100,
            250,
            500,
            1_000,
            2_500,
            5_000,
            10_000,
            25_000,
            50_000,
            100_000,
            250_000,
            500_000,
            1_000_000,
            2_500_000,
            5_000_000,
            10_000_000);

    private final long[] counts = new long[BOUNDS_NANOS.length + 1];
    private long sumNanos;

    private static long[] bounds(long... micros) {
        long[] nanos = new long[micros.length];
        for (int i = 0; i < micros.length; i++) {
            nanos[i] = TimeUnit.MICROSECONDS.toNanos(micros[i]);
        }
        return nanos;
    }

    /// How many buckets there are, without the one for everything longer than the last bound.
    public static int buckets() {
        return BOUNDS_NANOS.length;
    }

    /// The longest duration that a bucket holds.
    public static Duration bound(int bucket) {
        return Duration.ofNanos(BOUNDS_NANOS[bucket]);
    }

    /// Counts one duration. A clock that went backwards counts as zero.
    public void record(long nanos) {
        long duration = Math.max(0, nanos);
        int bucket = 0;
        while (bucket < BOUNDS_NANOS.length && duration > BOUNDS_NANOS[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        sumNanos += duration;
    }

    /// Adds what another histogram counted.
    public void add(Histogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        sumNanos += other.sumNanos;
    }

    public Histogram copy() {
        Histogram copy = new Histogram();
        copy.add(this);
        return copy;
    }

    /// Durations that fell into one bucket; index [#buckets] is the one beyond the last bound.
    public long count(int bucket) {
        return counts[bucket];
    }

    public long count() {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    public long sumNanos() {
        return sumNanos;
    }

    void encode(ByteBuffer out) {
        for (long count : counts) {
            Varint.write(out, count);
        }
        Varint.write(out, sumNanos);
    }

    static Histogram decode(ByteBuffer in) {
        Histogram histogram = new Histogram();
        for (int i = 0; i < histogram.counts.length; i++) {
            histogram.counts[i] = Varint.read(in);
        }
        histogram.sumNanos = Varint.read(in);
        return histogram;
    }
}
