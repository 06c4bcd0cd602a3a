package baton.worker;

import baton.posix.ProcFiles;
import baton.wire.WorkerReport;

/// What the leader does between batches of events: timeouts, reports to the gateway, and the end. Leader
/// only.
final class Housekeeping {
    private static final long SWEEP_NANOS = 250_000_000;
    private static final int IDLE_TIMEOUT_MILLIS = 250;
    private static final int HOST_TIMEOUT_MILLIS = 20;

    private final Worker worker;
    private long nextSweep;
    private long nextReport;
    private boolean draining;
    private boolean moving;
    private long drainDeadline;

    Housekeeping(Worker worker) {
        this.worker = worker;
    }

    boolean draining() {
        return draining;
    }

    /// Connections are closed after their next answer, because they can go nowhere else.
    boolean closing() {
        return draining && !moving;
    }

    /// How long the loop may wait for events, in milliseconds.
    int timeoutMillis() {
        return worker.hosts().waiting() ? HOST_TIMEOUT_MILLIS : IDLE_TIMEOUT_MILLIS;
    }

    /// Finish what is under way, give away what is idle, then end.
    ///
    /// @param deadlineMillis from now; at that time the process ends with whatever is left
    /// @param move hand connections over instead of closing them
    void drain(int deadlineMillis, boolean move) {
        draining = true;
        moving = move;
        drainDeadline = System.nanoTime() + deadlineMillis * 1_000_000L;
        nextSweep = 0;
    }

    void tick(Slot leader) {
        long now = worker.loop().nowNanos();
        worker.hosts().expire(leader, now);
        if (now >= nextSweep) {
            nextSweep = now + (draining ? SWEEP_NANOS / 10 : SWEEP_NANOS);
            if (moving) {
                worker.connections().moveAway(leader, worker.control());
            }
            worker.connections().sweep(leader, now, closing());
            worker.unloadSurplus();
        }
        if (now >= nextReport) {
            nextReport = now + WorkerLimits.REPORT_NANOS;
            report(leader);
        }
        if (draining && (worker.connections().open() == 0 || now > drainDeadline)) {
            report(leader);
            worker.end(0);
        }
    }

    private void report(Slot leader) {
        WorkerReport report = new WorkerReport(
                worker.connections().open(),
                worker.inflight(),
                worker.control().adopted(),
                worker.invocations(),
                worker.takeovers(),
                worker.spares().waiting(),
                worker.telemetry().dropped(),
                ProcFiles.residentBytes());
        worker.telemetry().report(leader.syscalls(), report);
        for (FunctionEntry entry : worker.functions().entries()) {
            if (entry.changed) {
                entry.changed = !worker.telemetry().counters(leader.syscalls(), entry);
            }
        }
    }
}
