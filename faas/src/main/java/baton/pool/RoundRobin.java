package baton.pool;

import java.util.List;

/// One worker after another. A worker that is replaced keeps its place.
public final class RoundRobin implements Strategy {
    private int last = -1;

    @Override
    public int choose(List<? extends Candidate> workers) {
        for (int step = 1; step <= workers.size(); step++) {
            int index = (last + step) % workers.size();
            if (workers.get(index).available()) {
                last = index;
                return index;
            }
        }
        return -1;
    }

    @Override
    public String name() {
        return "rr";
    }
}
