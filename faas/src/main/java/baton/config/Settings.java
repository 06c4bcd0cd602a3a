package baton.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The text of each setting with where it was given: the command line wins over the environment, that over
/// baton.toml, that over the default.
public final class Settings {
    /// One value and its origin, as error messages name it: `--http`, `BATON_HTTP`, `http in baton.toml`.
    private record Setting(String text, String origin) {}

    private final Map<ConfigKey, Setting> settings = new EnumMap<>(ConfigKey.class);

    private Settings() {}

    /// @param commandLine what was given as options
    /// @param environment the variables of the process
    /// @param file baton.toml, read if it exists
    /// @throws ConfigException when the file cannot be read or has an unknown key
    public static Settings of(Map<ConfigKey, String> commandLine, Map<String, String> environment, Path file) {
        Settings all = new Settings();
        for (ConfigKey key : ConfigKey.values()) {
            all.settings.put(key, new Setting(key.defaultText(), "the default"));
        }
        if (Files.exists(file)) {
            TomlFile.read(file)
                    .forEach((key, text) -> all.settings.put(key, new Setting(text, key.label() + " in " + file)));
        }
        for (ConfigKey key : ConfigKey.values()) {
            String text = environment.get(key.variable());
            if (text != null && !text.isEmpty()) {
                all.settings.put(key, new Setting(text, key.variable()));
            }
        }
        commandLine.forEach((key, text) -> all.settings.put(key, new Setting(text, "--" + key.label())));
        return all;
    }

    public String text(ConfigKey key) {
        return setting(key).text();
    }

    /// Whether anything but the default was given.
    public boolean isGiven(ConfigKey key) {
        return !setting(key).origin().equals("the default");
    }

    public int port(ConfigKey key) {
        return number(key, 0, 65_535);
    }

    public int number(ConfigKey key, int low, int high) {
        String text = text(key);
        String rule = "expected a number from " + low + " to " + high;
        try {
            int number = Integer.parseInt(text.strip());
            if (number < low || number > high) {
                throw wrong(key, rule, null);
            }
            return number;
        } catch (NumberFormatException e) {
            throw wrong(key, rule, e);
        }
    }

    public long bytes(ConfigKey key) {
        return read(key, ByteSize::parse);
    }

    public Duration duration(ConfigKey key) {
        return read(key, Durations::parse);
    }

    /// Reads a value with a parser of its own, so that an error names where the value was given.
    ///
    /// @throws ConfigException when the parser refuses the value
    public <T> T read(ConfigKey key, Function<String, T> parser) {
        try {
            return parser.apply(text(key));
        } catch (ConfigException e) {
            throw new ConfigException("bad " + setting(key).origin() + ": " + e.getMessage(), e);
        }
    }

    private ConfigException wrong(ConfigKey key, String rule, @Nullable Throwable cause) {
        String message = "bad " + setting(key).origin() + " '" + text(key) + "': " + rule;
        return cause == null ? new ConfigException(message) : new ConfigException(message, cause);
    }

    private Setting setting(ConfigKey key) {
        Setting setting = settings.get(key);
        if (setting == null) {
            throw new IllegalStateException("no default for " + key);
        }
        return setting;
    }
}
