package baton.config;

import java.util.Locale;

/// How the gateway chooses a worker for a connection.
public enum StrategyName {
    /// Round robin.
    RR,
    /// The worker that is idle longest comes first.
    FIFO,
    /// Smooth weighted round robin.
    WEIGHTED;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
