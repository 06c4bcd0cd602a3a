package baton.config;

import baton.function.FunctionLimits;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What `up` starts with, checked: every value is in its range and the values fit each other.
///
/// @param data directory of functions, registry and logs
/// @param http port for HTTP, 0 for any free one
/// @param https port for HTTPS, 0 for any free one
/// @param admin port of the admin API, 0 for any free one
/// @param bind address that all of them listen on
/// @param workers processes of the shared pool
/// @param strategy how a worker is chosen
/// @param token what callers of the admin API must present, or null when loopback callers need none
/// @param adminHosts names that the admin API goes by, beside loopback ones and the address it listens on
/// @param hostSuffix what follows a function's name in host names, with its leading dot
/// @param engine which WebAssembly engine the workers run
/// @param limits of a function whose deploy does not say otherwise
/// @param slots instances that a worker's engine has room for
/// @param spares threads of a worker for long invocations
public record PlatformConfig(
        Path data,
        int http,
        int https,
        int admin,
        String bind,
        int workers,
        StrategyName strategy,
        @Nullable String token,
        Set<String> adminHosts,
        String hostSuffix,
        EngineChoice engine,
        FunctionLimits limits,
        int slots,
        int spares) {
    private static final int MAX_WORKERS = 256;

    /// @param cores of this machine, for the number of workers where none is given
    /// @throws ConfigException naming the setting that cannot be used
    public static PlatformConfig of(Settings settings, int cores) {
        String token = settings.text(ConfigKey.TOKEN).strip();
        PlatformConfig config = new PlatformConfig(
                settings.read(ConfigKey.DATA, PlatformConfig::directory),
                settings.port(ConfigKey.HTTP),
                settings.port(ConfigKey.HTTPS),
                settings.port(ConfigKey.ADMIN),
                settings.read(ConfigKey.BIND, PlatformConfig::address),
                settings.text(ConfigKey.WORKERS).equals("auto")
                        ? Math.clamp(cores, 2, MAX_WORKERS)
                        : settings.number(ConfigKey.WORKERS, 1, MAX_WORKERS),
                settings.read(ConfigKey.STRATEGY, PlatformConfig::strategyOf),
                token.isEmpty() ? null : token,
                names(settings.text(ConfigKey.ADMIN_HOSTS)),
                settings.read(ConfigKey.HOST_SUFFIX, PlatformConfig::suffix),
                settings.read(ConfigKey.ENGINE, oneOf(EngineChoice.values(), EngineChoice::label)),
                limits(settings),
                settings.number(ConfigKey.SLOTS, 8, 4096),
                settings.number(ConfigKey.SPARES, 2, 256));
        config.requireDistinctPorts();
        config.requireTokenBeyondLoopback();
        return config;
    }

    /// A small platform on free ports, for recording what a start loads.
    public static PlatformConfig rehearsal(Path data) {
        Map<ConfigKey, String> given = Map.of(
                ConfigKey.DATA, data.toString(),
                ConfigKey.HTTP, "0",
                ConfigKey.HTTPS, "0",
                ConfigKey.ADMIN, "0",
                ConfigKey.WORKERS, "1");
        return of(Settings.of(given, Map.of(), data.resolve("no-such-file.toml")), 1);
    }

    /// Whether only this machine can reach the platform.
    public boolean isLoopback() {
        return bind.equals("localhost") || InetAddress.ofLiteral(bind).isLoopbackAddress();
    }

    private void requireTokenBeyondLoopback() {
        if (token == null && !isLoopback()) {
            throw new ConfigException("bind " + bind + " opens the platform to the network without a token:"
                    + " set BATON_TOKEN to a secret of your own, or bind to 127.0.0.1");
        }
    }

    private void requireDistinctPorts() {
        requireDistinct("http", http, "https", https);
        requireDistinct("http", http, "admin", admin);
        requireDistinct("https", https, "admin", admin);
    }

    private static void requireDistinct(String name, int port, String otherName, int otherPort) {
        if (port != 0 && port == otherPort) {
            throw new ConfigException(
                    name + " and " + otherName + " are both " + port + ": give them different ports, or 0 for any");
        }
    }

    private static FunctionLimits limits(Settings settings) {
        try {
            return new FunctionLimits(
                    settings.bytes(ConfigKey.MEMORY),
                    settings.duration(ConfigKey.TIMEOUT),
                    settings.bytes(ConfigKey.MAX_OUTPUT),
                    settings.bytes(ConfigKey.MAX_BODY),
                    settings.number(ConfigKey.CONCURRENCY, 1, 10_000));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage() + ": correct the default limits of functions", e);
        }
    }

    private static Path directory(String text) {
        if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw new ConfigException("'" + text + "' is not a directory: expected a path such as ./data");
        }
        return Path.of(text);
    }

    private static String address(String text) {
        String address = text.strip();
        if (address.equals("localhost")) {
            return address;
        }
        try {
            return InetAddress.ofLiteral(address).getHostAddress();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    "'" + text + "' is not an address: expected one such as 127.0.0.1, ::1 or 0.0.0.0", e);
        }
    }

    private static String suffix(String text) {
        String suffix = text.strip().toLowerCase(Locale.ROOT);
        if (!suffix.matches("(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+") || suffix.length() > 180) {
            throw new ConfigException("'" + text + "' is not a host suffix: expected one such as .faas.local");
        }
        return suffix;
    }

    private static Set<String> names(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static StrategyName strategyOf(String text) {
        if (text.equals("score")) {
            throw new ConfigException("strategy 'score' comes with a later release: use rr, fifo or weighted");
        }
        return oneOf(StrategyName.values(), StrategyName::label).apply(text);
    }

    private static <T> Function<String, T> oneOf(T[] values, Function<T, String> label) {
        return text -> Arrays.stream(values)
                .filter(value -> label.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new ConfigException("'" + text + "' is not known: use one of "
                        + Arrays.stream(values).map(label).collect(Collectors.joining(", "))));
    }
}
