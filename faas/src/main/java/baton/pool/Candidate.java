package baton.pool;

/// What a strategy may know of a worker, at the moment of the choice.
public interface Candidate {
    /// Whether it can be given a connection now.
    boolean available();

    /// Invocations under way as last reported, and connections given to it since.
    int load();

    /// [System#nanoTime] of the last connection given to it.
    long lastChosenNanos();

    /// Configured weight, 1 or more.
    int weight();
}
