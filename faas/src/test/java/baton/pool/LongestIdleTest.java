package baton.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LongestIdleTest extends StrategyContract {
    @Override
    Strategy strategy() {
        return new LongestIdle();
    }

    @Test
    void prefersAnIdleWorkerToABusyOneThatWaitedLonger() {
        List<Worker> workers = workers(2);
        workers.get(0).load = 1;
        workers.get(1).lastChosen = 10;
        assertThat(strategy().choose(workers)).isEqualTo(1);
    }

    @Test
    void takesTheOneChosenLongestAgoWhenAllAreBusy() {
        List<Worker> workers = workers(3);
        workers.forEach(worker -> worker.load = 5);
        workers.get(0).lastChosen = 30;
        workers.get(1).lastChosen = 10;
        workers.get(2).lastChosen = 20;
        assertThat(strategy().choose(workers)).isEqualTo(1);
    }

    @Test
    void survivesAClockThatOverflows() {
        List<Worker> workers = workers(2);
        workers.get(0).lastChosen = Long.MIN_VALUE + 5;
        workers.get(1).lastChosen = Long.MAX_VALUE - 5;
        assertThat(strategy().choose(workers)).as("the earlier one").isEqualTo(1);
    }
}
