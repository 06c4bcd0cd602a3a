package baton.pool;

import baton.wire.WorkerReport;
import org.jspecify.annotations.Nullable;

/// A place in the rotation. It stays when the worker in it dies and another is started. The link belongs to
/// the gateway's loop; the report comes from the telemetry's thread.
public final class Seat implements Candidate {
    /// Connections of one worker; it needs descriptors for other things too.
    private static final int MAX_CONNECTIONS = 16_000;

    private final String id;
    private final int weight;
    private volatile @Nullable WorkerLink link;
    private volatile WorkerReport report = WorkerReport.NONE;
    private volatile long reportedNanos;
    private volatile long startedEpochMillis;
    private long handedOff;
    private long lastChosenNanos = System.nanoTime();
    private int restarts;

    /// @param id `POOL/INDEX`
    public Seat(String id, int weight) {
        this.id = id;
        this.weight = weight;
    }

    public String id() {
        return id;
    }

    public @Nullable WorkerLink link() {
        return link;
    }

    /// Seats a new worker process.
    public void occupy(WorkerLink next) {
        link = next;
        report = WorkerReport.NONE;
        handedOff = 0;
        reportedNanos = System.nanoTime();
        startedEpochMillis = System.currentTimeMillis();
    }

    /// @param unasked whether the worker ended by itself
    public void vacate(boolean unasked) {
        link = null;
        report = WorkerReport.NONE;
        restarts += unasked ? 1 : 0;
    }

    /// Processes that ended unasked in this seat.
    public int restarts() {
        return restarts;
    }

    public WorkerReport report() {
        return report;
    }

    public void report(WorkerReport next) {
        report = next;
        reportedNanos = System.nanoTime();
    }

    /// [System#nanoTime] of the last report, or of the start.
    public long reportedNanos() {
        return reportedNanos;
    }

    public long startedEpochMillis() {
        return startedEpochMillis;
    }

    /// A connection was given to the worker.
    public void chosen(long nowNanos) {
        handedOff++;
        lastChosenNanos = nowNanos;
    }

    @Override
    public boolean available() {
        WorkerLink current = link;
        return current != null && current.available() && report.connections() + waiting() < MAX_CONNECTIONS;
    }

    @Override
    public int load() {
        return report.inflight() + waiting();
    }

    /// Connections given to the worker that its last report did not know of.
    private int waiting() {
        return (int) Math.max(0, handedOff - report.adopted());
    }

    @Override
    public long lastChosenNanos() {
        return lastChosenNanos;
    }

    @Override
    public int weight() {
        return weight;
    }

    /// `starting`, `ready`, `draining` or `dead`.
    public String state() {
        WorkerLink current = link;
        if (current == null) {
            return "dead";
        }
        if (current.draining()) {
            return "draining";
        }
        return current.available() ? "ready" : "starting";
    }
}
