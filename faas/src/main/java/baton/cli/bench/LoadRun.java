package baton.cli.bench;

import baton.cli.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/// Carries out a plan: starts the loops, shows how far they are, and adds up what they measured.
final class LoadRun {
    private static final long TICK_MILLIS = 1000;
    private static final int TICKS_PER_PLAIN_LINE = 5;

    private final LoadPlan plan;
    private final Terminal terminal;

    LoadRun(LoadPlan plan, Terminal terminal) {
        this.plan = plan;
        this.terminal = terminal;
    }

    /// @throws InterruptedException when the calling thread is interrupted; no request begins then any more
    LoadReport run() throws InterruptedException {
        long start = System.nanoTime();
        LoadBudget budget =
                new LoadBudget(plan.requests(), start + plan.duration().toNanos());
        List<LoadLoop> loops = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        int loopCount = Math.min(plan.loops(), plan.connections());
        for (int index = 0; index < loopCount; index++) {
            int share = plan.connections() / loopCount + (index < plan.connections() % loopCount ? 1 : 0);
            LoadLoop loop = new LoadLoop(plan, budget, share);
            loops.add(loop);
            threads.add(Thread.ofPlatform().daemon().name("load-" + index).start(loop));
        }
        try {
            awaitAll(threads, loops, start);
        } catch (InterruptedException e) {
            budget.exhaust();
            throw e;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        LoadTally sum = new LoadTally();
        loops.forEach(loop -> sum.add(loop.tally()));
        return sum.report(seconds);
    }

    private void awaitAll(List<Thread> threads, List<LoadLoop> loops, long startNanos) throws InterruptedException {
        int tick = 0;
        for (Thread thread : threads) {
            while (!thread.join(Duration.ofMillis(TICK_MILLIS))) {
                tick++;
                if (terminal.isLive() || tick % TICKS_PER_PLAIN_LINE == 0) {
                    terminal.progress(progress(loops, (System.nanoTime() - startNanos) / 1e9));
                }
            }
        }
        terminal.clearProgress();
    }

    private String progress(List<LoadLoop> loops, double seconds) {
        long answered = sum(loops.stream().mapToLong(loop -> loop.tally().answers()));
        long failed = sum(loops.stream().mapToLong(loop -> loop.tally().failures()));
        String goal = plan.isTimed()
                ? String.format(
                        Locale.ROOT, "%.0f of %d s", seconds, plan.duration().toSeconds())
                : String.format(Locale.ROOT, "%,d of %,d requests", answered, plan.requests());
        return String.format(Locale.ROOT, "%s   %,.0f requests/s   %,d errors", goal, answered / seconds, failed);
    }

    private static long sum(LongStream counts) {
        return counts.sum();
    }
}
