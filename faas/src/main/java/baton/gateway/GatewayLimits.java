package baton.gateway;

import java.time.Duration;

/// Every limit of the gateway.
final class GatewayLimits {
    /// A client must have sent a whole request head within this time of its first byte or of its connection.
    static final long HEAD_NANOS = Duration.ofSeconds(10).toNanos();

    /// The kernel holds back a connection without bytes for so long, then shows it.
    static final int DEFER_SECONDS = 5;

    /// Connections whose head is not complete; beyond, the oldest is closed.
    static final int PENDING_CLIENTS = 8192;

    /// Connections that wait because no worker is there, and how long.
    static final int WAITING_CLIENTS = 1024;

    static final long WORKER_NANOS = Duration.ofSeconds(5).toNanos();

    /// After an error answer the rest of what a client sends is read and dropped for so long.
    static final long LINGER_NANOS = Duration.ofSeconds(2).toNanos();

    static final int LINGER_BYTES = 1 << 20;

    /// Connections accepted in one go before the loop looks at others.
    static final int ACCEPT_BATCH = 64;

    /// Pause of accepting when the process has no descriptor left.
    static final long ACCEPT_PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    /// A change of routes must be in force in every worker within this time; a worker that is slower is
    /// replaced.
    static final Duration PUBLISH = Duration.ofSeconds(20);

    /// Looked at while a head is not complete: a whole head, and enough to see that it is too long.
    static final int LOOK_BYTES = baton.http.RequestHead.MAX_BYTES + 64;

    private GatewayLimits() {}
}
