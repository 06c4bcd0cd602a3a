package baton.wire;

/// Datagrams from a worker to the gateway: fire and forget. One datagram is one message, a type byte and its
/// fields in native byte order; a lost one is made good by the next, for numbers only grow.
public final class Telemetry {
    /// No datagram is longer.
    public static final int MAX_BYTES = 48 << 10;

    /// State of the worker: see [WorkerReport].
    public static final byte REPORT = 1;

    /// What was counted about one version: `string versionId`, then the counters as
    /// [baton.metrics.FunctionCounters] encodes them.
    public static final byte COUNTERS = 2;

    /// A line for the platform's log, as [baton.log.LogCodec] encodes it.
    public static final byte LOG = 3;

    /// What an invocation wrote to stderr: `string versionId, string invocation, long dropped`, then the
    /// bytes.
    public static final byte STDERR = 4;

    private Telemetry() {}
}
