package baton.worker;

import java.time.Duration;

/// Every limit of a worker that is not a function's own.
final class WorkerLimits {
    /// A kept-alive connection without a request is closed after this time.
    static final long IDLE_NANOS = Duration.ofSeconds(75).toNanos();

    /// A request's body, or an answer that the client does not take, may stand still this long.
    static final long STALL_NANOS = Duration.ofSeconds(30).toNanos();

    /// What is read and dropped after a final answer, in bytes and time.
    static final long LINGER_BYTES = 1 << 20;

    static final long LINGER_NANOS = Duration.ofSeconds(2).toNanos();

    /// Body of a request that no function takes.
    static final long UNROUTED_BODY_BYTES = 1 << 20;

    /// Input buffer of a slot; a longer run of pipelined requests is read in parts.
    static final int INPUT_BYTES = 64 << 10;

    /// Output buffer that a slot keeps between invocations.
    static final int KEPT_OUTPUT_BYTES = 256 << 10;

    /// Output that waits, of all connections together; beyond, an answer is cut short and its connection
    /// closed.
    static final long PENDING_OUTPUT_BYTES = 512L << 20;

    /// Bodies that arrive in parts, of all connections together: they lie in the heap. Beyond, a request is
    /// refused.
    static final long BODY_BYTES = 40L << 20;

    /// A language host's own words in an error message.
    static final int HOST_MESSAGE_BYTES = 4 << 10;

    /// Connections adopted in one go before the loop looks at others.
    static final int ADOPT_BATCH = 32;

    /// A call that lasts longer counts as slow.
    static final long SLOW_CALL_NANOS = 1_000_000;

    /// Nice value of a thread that runs a function known to be slow.
    static final int SLOW_NICE = 10;

    /// Local redirects of one request (RFC 3875 §6.2.2).
    static final int REDIRECTS = 8;

    /// Requests that wait for a language host to start.
    static final int HOST_QUEUE = 256;

    /// Versions kept for invocations by id beside the live ones.
    static final int PAST_VERSIONS = 16;

    /// Modules kept loaded; the ones unused longest are unloaded.
    static final int LOADED_MODULES = 512;

    /// How often the worker reports its state.
    static final long REPORT_NANOS = Duration.ofMillis(500).toNanos();

    private WorkerLimits() {}
}
