package baton.metrics;

import java.util.List;
import java.util.Locale;

/// Every metric that `GET /metrics` shows. The names are an interface: dashboards and alerts use them. Those
/// that begin with `faas_` are the OpenTelemetry semantic conventions for FaaS.
public enum Metric {
    FAAS_INVOCATIONS(Type.COUNTER, "Invocations that ended, well or not.", Labels.VERSION),
    FAAS_INVOKE_DURATION_SECONDS(Type.HISTOGRAM, "Time in the function itself.", Labels.VERSION),
    FAAS_INIT_DURATION_SECONDS(Type.HISTOGRAM, "Time to make a function ready to run.", Labels.VERSION),
    FAAS_COLDSTARTS(Type.COUNTER, "Invocations that had to wait for a module or host to start.", Labels.VERSION),
    FAAS_ERRORS(Type.COUNTER, "Invocations that ended with an error of the function.", Labels.VERSION),
    FAAS_TIMEOUTS(Type.COUNTER, "Invocations that were cut at their timeout.", Labels.VERSION),

    BATON_FUNCTIONS(Type.GAUGE, "Functions that are live."),
    BATON_DEPLOYS(Type.COUNTER, "Deploys by their result: the HTTP status.", "status"),
    BATON_CONNECTIONS(Type.GAUGE, "Client connections by the process that holds them.", "process"),
    BATON_CONNECTIONS_ACCEPTED(Type.COUNTER, "Client connections accepted.", "listener"),
    BATON_HANDOFFS(Type.COUNTER, "Connections handed over, by direction.", "direction"),
    BATON_HTTP_ERRORS(Type.COUNTER, "Errors of the data plane by their code.", "code"),
    BATON_ADMIN_REQUESTS(Type.COUNTER, "Requests to the control plane by HTTP status.", "status"),
    BATON_WORKERS(Type.GAUGE, "Worker processes by state.", "state"),
    BATON_WORKER_INFLIGHT(Type.GAUGE, "Invocations under way in a worker.", "worker"),
    BATON_WORKER_RESTARTS(Type.COUNTER, "Worker processes that ended unasked and were replaced."),
    BATON_REGISTRY_ROWS_INVALID(Type.GAUGE, "Rows of the table of routes that are not valid."),
    BATON_ROUTE_TABLE_NUMBER(Type.GAUGE, "Number of the route table in force."),
    BATON_LOG_LINES_DROPPED(Type.COUNTER, "Log lines lost because the log could not keep up."),
    BATON_PROCESS_RESIDENT_BYTES(Type.GAUGE, "Resident memory of a process.", "process"),
    BATON_PROCESS_OPEN_FDS(Type.GAUGE, "Open descriptors of a process.", "process");

    /// What a metric's values mean over time, in Prometheus' words.
    public enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final class Labels {
        static final String[] VERSION = {"faas_name", "faas_version"};
    }

    private final Type type;
    private final String help;
    /// Immutable, which its type does not say.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> labels;

    Metric(Type type, String help, String... labels) {
        this.type = type;
        this.help = help;
        this.labels = List.of(labels);
    }

    /// The name in the text format: counters end in `_total`.
    public String label() {
        String lower = name().toLowerCase(Locale.ROOT);
        return type == Type.COUNTER ? lower + "_total" : lower;
    }

    public Type type() {
        return type;
    }

    public String help() {
        return help;
    }

    /// Names of the labels, in the order in which values are given.
    public List<String> labels() {
        return labels;
    }
}
