package baton.pool;

import java.util.List;

/// Chooses the worker for a new connection. One object per pool, used by the gateway's loop only.
public interface Strategy {
    /// @return index of the chosen one, or -1 when none is available
    int choose(List<? extends Candidate> workers);

    /// The name on the command line.
    String name();

    /// The strategy of that name.
    ///
    /// @throws IllegalArgumentException when there is none
    static Strategy of(String name) {
        return switch (name) {
            case "rr" -> new RoundRobin();
            case "fifo" -> new LongestIdle();
            case "weighted" -> new SmoothWeighted();
            default -> throw new IllegalArgumentException("unknown strategy '" + name + "': use rr, fifo or weighted");
        };
    }
}
