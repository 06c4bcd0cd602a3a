package baton.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What every strategy must do; one test class per strategy runs it.
abstract class StrategyContract {
    /// A worker as a strategy sees it; it notes when it was chosen, as a seat does.
    static final class Worker implements Candidate {
        boolean available = true;
        int load;
        int weight = 1;
        long lastChosen;
        int chosen;

        @Override
        public boolean available() {
            return available;
        }

        @Override
        public int load() {
            return load;
        }

        @Override
        public long lastChosenNanos() {
            return lastChosen;
        }

        @Override
        public int weight() {
            return weight;
        }
    }

    private long clock;

    abstract Strategy strategy();

    static List<Worker> workers(int count) {
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            workers.add(new Worker());
        }
        return workers;
    }

    int choose(Strategy strategy, List<Worker> workers) {
        int index = strategy.choose(workers);
        if (index >= 0) {
            workers.get(index).lastChosen = ++clock;
            workers.get(index).chosen++;
        }
        return index;
    }

    @Test
    void choosesNobodyWhenNobodyIsAvailable() {
        List<Worker> workers = workers(3);
        workers.forEach(worker -> worker.available = false);
        assertThat(strategy().choose(workers)).isEqualTo(-1);
        assertThat(strategy().choose(List.of())).isEqualTo(-1);
    }

    @Test
    void neverChoosesOneThatIsNotAvailable() {
        Random random = new Random(5);
        List<Worker> workers = workers(5);
        Strategy strategy = strategy();
        for (int i = 0; i < 2_000; i++) {
            workers.forEach(worker -> worker.available = random.nextBoolean());
            int index = choose(strategy, workers);
            boolean any = workers.stream().anyMatch(Worker::available);
            assertThat(index >= 0).isEqualTo(any);
            assertThat(index < 0 || workers.get(index).available).isTrue();
        }
    }

    @Test
    void equalWorkersGetEqualShares() {
        List<Worker> workers = workers(4);
        Strategy strategy = strategy();
        for (int i = 0; i < 400; i++) {
            choose(strategy, workers);
        }
        assertThat(workers).allMatch(worker -> worker.chosen == 100);
    }

    @Test
    void theOthersShareWhatOneThatIsAwayWouldGet() {
        List<Worker> workers = workers(3);
        workers.get(1).available = false;
        Strategy strategy = strategy();
        for (int i = 0; i < 100; i++) {
            choose(strategy, workers);
        }
        assertThat(workers.get(0).chosen).isEqualTo(50);
        assertThat(workers.get(2).chosen).isEqualTo(50);
    }

    @Test
    void oneThatComesBackGetsItsShareAgain() {
        List<Worker> workers = workers(2);
        workers.get(0).available = false;
        Strategy strategy = strategy();
        choose(strategy, workers);
        choose(strategy, workers);
        workers.get(0).available = true;
        workers.get(1).chosen = 0;
        for (int i = 0; i < 20; i++) {
            choose(strategy, workers);
        }
        assertThat(workers.get(0).chosen).isBetween(9, 12);
    }

    @Test
    void isFoundByItsName() {
        Strategy strategy = strategy();
        assertThat(Strategy.of(strategy.name())).hasSameClassAs(strategy);
    }
}
