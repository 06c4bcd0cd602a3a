package baton.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoundRobinTest extends StrategyContract {
    @Override
    Strategy strategy() {
        return new RoundRobin();
    }

    @Test
    void goesAroundInOrderAndKeepsThePlaceOfOneThatIsAway() {
        List<Worker> workers = workers(3);
        Strategy strategy = strategy();
        assertThat(strategy.choose(workers)).isZero();
        assertThat(strategy.choose(workers)).isEqualTo(1);
        workers.get(2).available = false;
        assertThat(strategy.choose(workers)).isZero();
        workers.get(2).available = true;
        assertThat(strategy.choose(workers)).isEqualTo(1);
        assertThat(strategy.choose(workers)).isEqualTo(2);
    }
}
