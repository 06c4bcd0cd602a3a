package baton.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Every setting of `up`: its name on the command line and in baton.toml, its variable, its default and what
/// it means.
public enum ConfigKey {
    DATA("DIR", "./data", "directory of functions, registry and logs"),
    HTTP("PORT", "8080", "port for HTTP; 0 takes any free one"),
    HTTPS("PORT", "8443", "port for HTTPS; 0 takes any free one"),
    ADMIN("PORT", "8081", "port of the admin API; 0 takes any free one"),
    BIND("ADDRESS", "127.0.0.1", "address to listen on; one that is not loopback needs a token"),
    WORKERS("N", "auto", "worker processes of the shared pool; auto is one per core, at least 2"),
    STRATEGY("NAME", "rr", "how a worker is chosen: rr, fifo or weighted"),
    TOKEN("TOKEN", "", "what callers of the admin API must present; better set as BATON_TOKEN"),
    ADMIN_HOSTS("NAMES", "", "host names that the admin API goes by beside loopback ones, with commas"),
    HOST_SUFFIX("SUFFIX", ".faas.local", "host names of functions end so: NAME.faas.local"),
    ENGINE("NAME", "auto", "WebAssembly engine: auto, wasmtime or chicory"),
    TIMEOUT("TIME", "5s", "what a function may take, where its deploy does not say: 1ms to 15m"),
    MEMORY("SIZE", "64Mi", "what a function may use, where its deploy does not say: 64Ki to 256Mi"),
    MAX_OUTPUT("SIZE", "4Mi", "what a function may answer, where its deploy does not say: 1 to 256Mi"),
    MAX_BODY("SIZE", "8Mi", "the request body that a function accepts: 0 to 256Mi"),
    CONCURRENCY("N", "64", "invocations of one function under way in one worker: 1 to 10000"),
    SLOTS("N", "64", "instances of WebAssembly modules that a worker has room for: 8 to 4096"),
    SPARES("N", "8", "threads of a worker for long invocations, beside its loop: 2 to 256");

    private final String placeholder;
    private final String defaultText;
    private final String description;

    ConfigKey(String placeholder, String defaultText, String description) {
        this.placeholder = placeholder;
        this.defaultText = defaultText;
        this.description = description;
    }

    /// The name in baton.toml and, after two dashes, on the command line: `host-suffix`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The name of the environment variable: `BATON_HOST_SUFFIX`.
    public String variable() {
        return "BATON_" + name();
    }

    public String placeholder() {
        return placeholder;
    }

    /// The default as it would be written; empty when there is none.
    public String defaultText() {
        return defaultText;
    }

    public String description() {
        return description;
    }

    public static Optional<ConfigKey> ofLabel(String label) {
        return Arrays.stream(values()).filter(key -> key.label().equals(label)).findFirst();
    }

    /// The key whose name looks most like the given one, for error messages.
    public static ConfigKey nearest(String label) {
        return Arrays.stream(values())
                .min(Comparator.comparingInt(key -> distance(key.label(), label.toLowerCase(Locale.ROOT))))
                .orElseThrow();
    }

    /// Levenshtein's distance, one row at a time.
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int line = 1; line <= left.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column < row.length; column++) {
                int replaced = diagonal + (left.charAt(line - 1) == right.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, Math.min(row[column], row[column - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
