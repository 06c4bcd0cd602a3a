package baton.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import baton.function.FunctionLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlatformConfigTest {
    private static final PlatformConfig DEFAULTS = new PlatformConfig(
            Path.of("./data"),
            8080,
            8443,
            8081,
            "127.0.0.1",
            2,
            StrategyName.RR,
            null,
            Set.of(),
            ".faas.local",
            EngineChoice.AUTO,
            FunctionLimits.DEFAULT,
            64,
            8);

    private static final Map<ConfigKey, String> OTHERS = others();

    private static final PlatformConfig CHANGED = new PlatformConfig(
            Path.of("/srv/baton"),
            1,
            2,
            0,
            "0.0.0.0",
            7,
            StrategyName.WEIGHTED,
            "secret",
            Set.of("baton.example", "10.0.0.7"),
            ".fn.example",
            EngineChoice.CHICORY,
            new FunctionLimits(128L << 20, Duration.ofMillis(100), 1L << 20, 2L << 20, 3),
            64,
            8);

    @TempDir
    Path directory;

    private static Map<ConfigKey, String> others() {
        Map<ConfigKey, String> others = new EnumMap<>(ConfigKey.class);
        others.put(ConfigKey.DATA, "/srv/baton");
        others.put(ConfigKey.HTTP, "1");
        others.put(ConfigKey.HTTPS, "2");
        others.put(ConfigKey.ADMIN, "0");
        others.put(ConfigKey.BIND, "0.0.0.0");
        others.put(ConfigKey.WORKERS, "7");
        others.put(ConfigKey.STRATEGY, "weighted");
        others.put(ConfigKey.TOKEN, "secret");
        others.put(ConfigKey.HOST_SUFFIX, ".fn.example");
        others.put(ConfigKey.ENGINE, "chicory");
        others.put(ConfigKey.TIMEOUT, "100ms");
        others.put(ConfigKey.ADMIN_HOSTS, "baton.example, 10.0.0.7");
        others.put(ConfigKey.MEMORY, "128Mi");
        others.put(ConfigKey.MAX_OUTPUT, "1Mi");
        others.put(ConfigKey.MAX_BODY, "2Mi");
        others.put(ConfigKey.CONCURRENCY, "3");
        others.put(ConfigKey.SLOTS, "64");
        others.put(ConfigKey.SPARES, "8");
        return others;
    }

    @Test
    void hasDefaultsForEverything() {
        assertThat(config(Map.of(), Map.of())).isEqualTo(DEFAULTS);
    }

    @Test
    void hasAsManyWorkersAsCoresButAtLeastTwo() {
        Settings settings = Settings.of(Map.of(), Map.of(), noFile());

        assertThat(PlatformConfig.of(settings, 1).workers()).isEqualTo(2);
        assertThat(PlatformConfig.of(settings, 12).workers()).isEqualTo(12);
    }

    @Test
    void takesEveryKeyFromTheCommandLine() {
        assertThat(OTHERS).containsOnlyKeys(ConfigKey.values());
        assertThat(config(OTHERS, Map.of())).isEqualTo(CHANGED);
    }

    @Test
    void takesEveryKeyFromTheEnvironment() {
        Map<String, String> environment = new HashMap<>();
        OTHERS.forEach((key, text) -> environment.put(key.variable(), text));

        assertThat(config(Map.of(), environment)).isEqualTo(CHANGED);
    }

    @Test
    void takesEveryKeyFromTheFile() throws IOException {
        StringBuilder toml = new StringBuilder();
        OTHERS.forEach((key, text) -> {
            String value = text.matches("[0-9]+") ? text : "\"" + text + "\"";
            toml.append(key.label()).append(" = ").append(value).append('\n');
        });

        assertThat(fromFile(toml.toString())).isEqualTo(CHANGED);
    }

    @Test
    void prefersCommandLineToEnvironmentToFile() throws IOException {
        Path file = Files.writeString(directory.resolve("baton.toml"), "http = 1\nhttps = 1\nadmin = 1\n");
        Map<String, String> environment = Map.of("BATON_HTTP", "2", "BATON_HTTPS", "2");
        Settings settings = Settings.of(Map.of(ConfigKey.HTTP, "3"), environment, file);

        PlatformConfig config = PlatformConfig.of(settings, 2);

        assertThat(config.http()).isEqualTo(3);
        assertThat(config.https()).isEqualTo(2);
        assertThat(config.admin()).isEqualTo(1);
    }

    @Test
    void namesTheNearestKeyForAnUnknownOne() {
        assertThatThrownBy(() -> fromFile("worker = 3\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unknown key 'worker'")
                .hasMessageContaining("did you mean 'workers'?");
    }

    @Test
    void namesTheLineThatIsNotToml() {
        assertThatThrownBy(() -> fromFile("http = 1\nhttps = = 2\n")).hasMessageContaining("baton.toml:2:");
    }

    @Test
    void refusesTablesAndOtherTypes() {
        assertThatThrownBy(() -> fromFile("[http]\nport = 1\n")).hasMessageContaining("bad http");
        assertThatThrownBy(() -> fromFile("workers = 1.5\n")).hasMessageContaining("whole number");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "HTTP | 65536 | bad --http '65536': expected a number from 0 to 65535",
                "HTTP | x | bad --http 'x': expected a number from 0 to 65535",
                "WORKERS | 0 | bad --workers '0': expected a number from 1 to 256",
                "BIND | example.org | bad --bind: 'example.org' is not an address",
                "BIND | 0.0.0.0 | set BATON_TOKEN to a secret of your own, or bind to 127.0.0.1",
                "STRATEGY | score | strategy 'score' comes with a later release: use rr, fifo or weighted",
                "STRATEGY | random | 'random' is not known: use one of rr, fifo, weighted",
                "ENGINE | v8 | 'v8' is not known: use one of auto, wasmtime, chicory",
                "TIMEOUT | 5 | '5' is not a duration",
                "TIMEOUT | 16m | timeout must be 1ms to 15m",
                "MEMORY | 1Ki | memory must be 64Ki to 256Mi",
                "MEMORY | lots | 'lots' is not a size",
                "HOST_SUFFIX | local | 'local' is not a host suffix",
                "HTTPS | 8080 | http and https are both 8080",
            })
    void refusesWithCauseAndCure(ConfigKey key, String text, String message) {
        assertThatThrownBy(() -> config(Map.of(key, text), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void bindsBeyondLoopbackWithAToken() {
        PlatformConfig config = config(Map.of(ConfigKey.BIND, "0.0.0.0"), Map.of("BATON_TOKEN", "s"));

        assertThat(config.isLoopback()).isFalse();
        assertThat(config.token()).isEqualTo("s");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "127.1.2.3", "::1", "localhost"})
    void needsNoTokenOnLoopback(String address) {
        assertThat(config(Map.of(ConfigKey.BIND, address), Map.of()).isLoopback())
                .isTrue();
    }

    private PlatformConfig config(Map<ConfigKey, String> commandLine, Map<String, String> environment) {
        return PlatformConfig.of(Settings.of(commandLine, environment, noFile()), 2);
    }

    private PlatformConfig fromFile(String toml) throws IOException {
        Path file = Files.writeString(directory.resolve("baton.toml"), toml);
        return PlatformConfig.of(Settings.of(Map.of(), Map.of(), file), 2);
    }

    private Path noFile() {
        return directory.resolve("missing.toml");
    }
}
