package baton.gateway;

import baton.pool.WorkerLink;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A change of routes on its way to the workers. Owned by the gateway's loop, but for the future.
final class Publication {
    private final long number;
    private final long deadlineNanos;
    private final Set<WorkerLink> waiting = new HashSet<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Publication(long number, long deadlineNanos) {
        this.number = number;
        this.deadlineNanos = deadlineNanos;
    }

    long number() {
        return number;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /// Completes when every worker that can be given a connection has the change in force.
    CompletableFuture<Void> done() {
        return done;
    }

    List<WorkerLink> waiting() {
        return new ArrayList<>(waiting);
    }

    void waitFor(WorkerLink link) {
        waiting.add(link);
    }

    /// @return whether nobody is waited for any more
    boolean applied(WorkerLink link, long applied) {
        if (applied >= number) {
            waiting.remove(link);
        }
        return settled();
    }

    /// @return whether nobody is waited for any more
    boolean without(WorkerLink link) {
        waiting.remove(link);
        return settled();
    }

    boolean settled() {
        if (waiting.isEmpty()) {
            done.complete(null);
        }
        return waiting.isEmpty();
    }
}
