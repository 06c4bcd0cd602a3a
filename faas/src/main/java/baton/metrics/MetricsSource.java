package baton.metrics;

/// A part of the platform that has numbers to show.
@FunctionalInterface
public interface MetricsSource {
    /// Adds its numbers as they are now. Called on a thread of the control plane, which must not be kept
    /// waiting.
    void collect(MetricsSnapshot snapshot);
}
