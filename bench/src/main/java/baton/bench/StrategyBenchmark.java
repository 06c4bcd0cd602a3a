package baton.bench;

import baton.pool.Candidate;
import baton.pool.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What choosing a worker for a connection costs.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StrategyBenchmark {
    @Param({"rr", "fifo", "weighted"})
    public String name;

    @Param({"2", "32"})
    public int workers;

    private Strategy strategy;
    private List<Worker> candidates;

    private record Worker(boolean available, int load, long lastChosenNanos, int weight) implements Candidate {}

    @Setup
    public void fill() {
        strategy = Strategy.of(name);
        candidates = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            candidates.add(new Worker(i % 8 != 7, i % 3, 1000L * i, 1 + i % 4));
        }
    }

    @Benchmark
    public int choose() {
        return strategy.choose(candidates);
    }
}
