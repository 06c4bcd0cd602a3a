package baton.wire;

import java.nio.ByteBuffer;

/// A worker's state as it reports it twice a second.
///
/// @param connections open client connections
/// @param inflight invocations under way
/// @param adopted connections adopted since its start
/// @param invocations finished since its start
/// @param takeovers how often a spare slot took over the loop
/// @param waiting invocations that wait for a spare slot
/// @param droppedLines log lines that the telemetry socket did not take
/// @param residentBytes of the process, as `/proc/self/statm` says
public record WorkerReport(
        int connections,
        int inflight,
        long adopted,
        long invocations,
        long takeovers,
        int waiting,
        long droppedLines,
        long residentBytes) {
    /// Before the first report.
    public static final WorkerReport NONE = new WorkerReport(0, 0, 0, 0, 0, 0, 0, 0);

    public void write(ByteBuffer target) {
        target.put(Telemetry.REPORT)
                .putInt(connections)
                .putInt(inflight)
                .putLong(adopted)
                .putLong(invocations);
        target.putLong(takeovers).putInt(waiting).putLong(droppedLines).putLong(residentBytes);
    }

    /// Reads the fields behind the type.
    public static WorkerReport read(ByteBuffer source) {
        return new WorkerReport(
                source.getInt(),
                source.getInt(),
                source.getLong(),
                source.getLong(),
                source.getLong(),
                source.getInt(),
                source.getLong(),
                source.getLong());
    }
}
