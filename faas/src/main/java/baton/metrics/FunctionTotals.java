package baton.metrics;

import baton.function.VersionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/// The sum of what all workers counted, also of those that have ended: it never goes down while a version
/// exists. Safe for use by several threads.
public final class FunctionTotals implements MetricsSource {
    private final Map<VersionId, FunctionCounters> ended = new HashMap<>();
    private final Map<String, Map<VersionId, FunctionCounters>> running = new HashMap<>();

    /// Takes the latest report of a worker process about a version, in place of its earlier one.
    ///
    /// @param process what tells one worker process from its successor, such as `shared/0:4711`
    public synchronized void report(String process, VersionId version, FunctionCounters counters) {
        running.computeIfAbsent(process, p -> new HashMap<>()).put(version, counters.copy());
    }

    /// Keeps what a worker process counted after it has ended.
    public synchronized void processEnded(String process) {
        Map<VersionId, FunctionCounters> last = running.remove(process);
        if (last != null) {
            last.forEach((version, counters) ->
                    ended.computeIfAbsent(version, v -> new FunctionCounters()).add(counters));
        }
    }

    /// Drops versions that exist no more.
    public synchronized void keepOnly(Set<VersionId> versions) {
        ended.keySet().retainAll(versions);
        running.values().forEach(reports -> reports.keySet().retainAll(versions));
    }

    /// What all workers together counted about a version.
    public synchronized FunctionCounters total(VersionId version) {
        FunctionCounters total = new FunctionCounters();
        FunctionCounters before = ended.get(version);
        if (before != null) {
            total.add(before);
        }
        for (Map<VersionId, FunctionCounters> reports : running.values()) {
            FunctionCounters counters = reports.get(version);
            if (counters != null) {
                total.add(counters);
            }
        }
        return total;
    }

    private synchronized Map<String, VersionId> versions() {
        Set<VersionId> versions = new HashSet<>(ended.keySet());
        running.values().forEach(reports -> versions.addAll(reports.keySet()));
        Map<String, VersionId> sorted = new TreeMap<>();
        versions.forEach(version -> sorted.put(version.toString(), version));
        return sorted;
    }

    @Override
    public void collect(MetricsSnapshot snapshot) {
        versions().forEach((id, version) -> {
            String name = version.name().value();
            FunctionCounters total = total(version);
            Map<Metric, ToLongFunction<FunctionCounters>> counters = Map.of(
                    Metric.FAAS_INVOCATIONS, FunctionCounters::invocations,
                    Metric.FAAS_ERRORS, FunctionCounters::errors,
                    Metric.FAAS_TIMEOUTS, FunctionCounters::timeouts,
                    Metric.FAAS_COLDSTARTS, FunctionCounters::coldStarts);
            counters.forEach((metric, value) -> snapshot.add(metric, value.applyAsLong(total), name, id));
            snapshot.add(Metric.FAAS_INVOKE_DURATION_SECONDS, total.durations(), name, id);
            snapshot.add(Metric.FAAS_INIT_DURATION_SECONDS, total.starts(), name, id);
        });
    }
}
