package baton.pool;

import java.util.Arrays;
import java.util.List;

/// Smooth weighted round robin, as nginx does it: each gets its share of connections, spread evenly rather
/// than in runs.
public final class SmoothWeighted implements Strategy {
    private long[] credit = new long[0];

    @Override
    public int choose(List<? extends Candidate> workers) {
        if (credit.length != workers.size()) {
            credit = Arrays.copyOf(credit, workers.size());
        }
        int best = -1;
        long total = 0;
        for (int i = 0; i < credit.length; i++) {
            Candidate worker = workers.get(i);
            if (worker.available()) {
                credit[i] += worker.weight();
                total += worker.weight();
                if (best < 0 || credit[i] > credit[best]) {
                    best = i;
                }
            }
        }
        if (best >= 0) {
            credit[best] -= total;
        }
        return best;
    }

    @Override
    public String name() {
        return "weighted";
    }
}
