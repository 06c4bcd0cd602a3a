package baton.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmoothWeightedTest extends StrategyContract {
    @Override
    Strategy strategy() {
        return new SmoothWeighted();
    }

    @Test
    void sharesByWeightAndSpreadsEvenly() {
        List<Worker> workers = workers(3);
        workers.get(0).weight = 5;
        Strategy strategy = strategy();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            order.add(strategy.choose(workers));
        }
        assertThat(order).containsExactly(0, 0, 1, 0, 2, 0, 0);
    }

    @Test
    void aWorkerThatIsAwayGathersNoCredit() {
        List<Worker> workers = workers(2);
        workers.get(1).available = false;
        Strategy strategy = strategy();
        for (int i = 0; i < 50; i++) {
            assertThat(strategy.choose(workers)).isZero();
        }
        workers.get(1).available = true;
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            order.add(strategy.choose(workers));
        }
        assertThat(order).containsExactlyInAnyOrder(0, 1, 0, 1);
    }
}
