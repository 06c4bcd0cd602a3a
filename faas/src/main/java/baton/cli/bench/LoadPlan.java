package baton.cli.bench;

import java.net.InetSocketAddress;
import java.time.Duration;

/// What a load run does.
///
/// @param address where the requests go
/// @param request one whole request, sent again and again
/// @param connections how many are open at once
/// @param requests how many are sent in all, or [Long#MAX_VALUE] when only the duration ends the run
/// @param duration after which no request is begun
/// @param keepAlive whether a connection serves more than one request
record LoadPlan(
        InetSocketAddress address,
        byte[] request,
        int connections,
        long requests,
        Duration duration,
        boolean keepAlive) {
    static final int MAX_CONNECTIONS = 1000;

    boolean isTimed() {
        return requests == Long.MAX_VALUE;
    }

    /// Event loops that share the connections: a second one only where there is enough for it to do.
    int loops() {
        return connections >= 128 ? 2 : 1;
    }
}
