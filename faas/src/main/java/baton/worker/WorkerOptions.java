package baton.worker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What a worker is told on its command line, `key=value` each.
///
/// @param id `POOL/INDEX`
/// @param functions directory that holds `ID/code.…` of every version
/// @param engine `wasmtime` or `chicory`
/// @param library libwasmtime, or an empty path with Chicory
/// @param hostSuffix such as `.faas.local`
/// @param spares slots beside the leader
/// @param reserve spares that only take over the loop
/// @param queue invocations that may wait for a spare slot
/// @param slots instances that the engine has room for
public record WorkerOptions(
        String id,
        Path functions,
        String engine,
        Path library,
        String hostSuffix,
        int spares,
        int reserve,
        int queue,
        int slots) {
    /// One spare at least runs slow functions: with none they would wait for ever.
    public WorkerOptions {
        reserve = Math.clamp(reserve, 0, Math.max(0, spares - 1));
    }

    /// Reads the command line.
    ///
    /// @throws IllegalArgumentException when a key is missing or a value is wrong
    public static WorkerOptions parse(String[] arguments) {
        Map<String, String> values = new HashMap<>();
        for (String argument : arguments) {
            int at = argument.indexOf('=');
            if (at <= 0) {
                throw new IllegalArgumentException("worker: expected key=value, got '" + argument + "'");
            }
            values.put(argument.substring(0, at), argument.substring(at + 1));
        }
        return new WorkerOptions(
                required(values, "id"),
                Path.of(required(values, "functions")),
                required(values, "engine"),
                Path.of(values.getOrDefault("library", "")),
                required(values, "host-suffix"),
                Integer.parseInt(values.getOrDefault("spares", "8")),
                Integer.parseInt(values.getOrDefault("reserve", "2")),
                Integer.parseInt(values.getOrDefault("queue", "256")),
                Integer.parseInt(values.getOrDefault("slots", "64")));
    }

    private static String required(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("worker: " + key + "=… is missing");
        }
        return value;
    }
}
