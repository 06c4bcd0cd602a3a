/// Counters and histograms under the OpenTelemetry FaaS names, and their Prometheus text.
@NullMarked
package baton.metrics;

import org.jspecify.annotations.NullMarked;
