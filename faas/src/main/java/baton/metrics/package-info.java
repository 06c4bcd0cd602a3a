/// Counters and histograms under the OpenTelemetry FaaS names, and their Prometheus text.
///
/// Threads: a [baton.metrics.FunctionCounters] belongs to one thread; what sums them up, and
/// [baton.metrics.CounterSet], may be used by any. Imports: `function`.
@NullMarked
package baton.metrics;

import org.jspecify.annotations.NullMarked;
