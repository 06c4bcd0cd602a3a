package baton.metrics;

import java.nio.ByteBuffer;

/// What one process counted about one version since it started. All values only grow, so a lost report is
/// made good by the next one.
///
/// Plain fields without synchronisation: one thread writes, and gives others a copy or the encoded form.
public final class FunctionCounters {
    /// The most bytes that [#encode] writes.
    public static final int MAX_ENCODED_BYTES = 1 + Varint.MAX_BYTES * (4 + 2 * (Histogram.buckets() + 2));

    private static final byte FORMAT = 1;

    private final Histogram durations;
    private final Histogram starts;
    private long invocations;
    private long errors;
    private long timeouts;
    private long coldStarts;

    public FunctionCounters() {
        this(new Histogram(), new Histogram());
    }

    private FunctionCounters(Histogram durations, Histogram starts) {
        this.durations = durations;
        this.starts = starts;
    }

    /// Counts an invocation that the function answered.
    public void completed(long durationNanos) {
        invocations++;
        durations.record(durationNanos);
    }

    /// Counts an invocation that ended with an error of the function.
    public void failed(long durationNanos) {
        completed(durationNanos);
        errors++;
    }

    /// Counts an invocation that was cut at its timeout; it is an error as well.
    public void timedOut(long durationNanos) {
        failed(durationNanos);
        timeouts++;
    }

    /// Counts that a module was loaded or a host started while a request waited.
    public void coldStarted(long durationNanos) {
        coldStarts++;
        started(durationNanos);
    }

    /// Counts that a module was loaded or a host started before a request needed it.
    public void started(long durationNanos) {
        starts.record(durationNanos);
    }

    /// Adds what another process counted.
    public void add(FunctionCounters other) {
        invocations += other.invocations;
        errors += other.errors;
        timeouts += other.timeouts;
        coldStarts += other.coldStarts;
        durations.add(other.durations);
        starts.add(other.starts);
    }

    public FunctionCounters copy() {
        FunctionCounters copy = new FunctionCounters();
        copy.add(this);
        return copy;
    }

    public long invocations() {
        return invocations;
    }

    public long errors() {
        return errors;
    }

    public long timeouts() {
        return timeouts;
    }

    public long coldStarts() {
        return coldStarts;
    }

    public Histogram durations() {
        return durations;
    }

    public Histogram starts() {
        return starts;
    }

    /// Appends the counters to a buffer: a format byte, then each number as a varint.
    public void encode(ByteBuffer out) {
        out.put(FORMAT);
        Varint.write(out, invocations);
        Varint.write(out, errors);
        Varint.write(out, timeouts);
        Varint.write(out, coldStarts);
        durations.encode(out);
        starts.encode(out);
    }

    /// Reads what [#encode] wrote, and leaves the buffer behind it.
    ///
    /// @throws IllegalArgumentException when the bytes are something else
    public static FunctionCounters decode(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw new IllegalArgumentException("counters are empty");
        }
        byte format = in.get();
        if (format != FORMAT) {
            throw new IllegalArgumentException("counters have format " + format + ", expected " + FORMAT);
        }
        long invocations = Varint.read(in);
        long errors = Varint.read(in);
        long timeouts = Varint.read(in);
        long coldStarts = Varint.read(in);
        FunctionCounters counters = new FunctionCounters(Histogram.decode(in), Histogram.decode(in));
        counters.invocations = invocations;
        counters.errors = errors;
        counters.timeouts = timeouts;
        counters.coldStarts = coldStarts;
        return counters;
    }
}
