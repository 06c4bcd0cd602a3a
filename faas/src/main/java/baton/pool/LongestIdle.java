package baton.pool;

import java.util.List;

/// First in, first out: the worker that has been idle longest. When all are busy, the one that was given a
/// connection longest ago, so that callers are served in their order.
public final class LongestIdle implements Strategy {
    @Override
    public int choose(List<? extends Candidate> workers) {
        int best = -1;
        for (int i = 0; i < workers.size(); i++) {
            Candidate worker = workers.get(i);
            if (worker.available() && (best < 0 || before(worker, workers.get(best)))) {
                best = i;
            }
        }
        return best;
    }

    private static boolean before(Candidate a, Candidate b) {
        boolean aIdle = a.load() == 0;
        if (aIdle != (b.load() == 0)) {
            return aIdle;
        }
        return a.lastChosenNanos() - b.lastChosenNanos() < 0;
    }

    @Override
    public String name() {
        return "fifo";
    }
}
