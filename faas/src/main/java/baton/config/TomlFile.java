package baton.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/// Reads baton.toml: flat keys with texts or whole numbers. Kept apart so that its parser is loaded only when
/// there is such a file.
final class TomlFile {
    private TomlFile() {}

    /// @throws ConfigException when the file cannot be read, is not TOML or has an unknown key
    static Map<ConfigKey, String> read(Path file) {
        TomlParseResult toml = parse(file);
        if (toml.hasErrors()) {
            TomlParseError first = toml.errors().getFirst();
            throw new ConfigException(file + ":" + first.position().line() + ": " + first.getMessage());
        }
        Map<ConfigKey, String> values = new EnumMap<>(ConfigKey.class);
        for (Map.Entry<String, Object> entry : toml.entrySet()) {
            ConfigKey key = ConfigKey.ofLabel(entry.getKey())
                    .orElseThrow(() -> new ConfigException("unknown key '" + entry.getKey() + "' in " + file
                            + ": did you mean '"
                            + ConfigKey.nearest(entry.getKey()).label() + "'?"));
            values.put(key, text(file, key, entry.getValue()));
        }
        return values;
    }

    private static TomlParseResult parse(Path file) {
        try {
            return Toml.parse(file);
        } catch (IOException e) {
            throw new ConfigException("cannot read " + file + ": " + e, e);
        }
    }

    private static String text(Path file, ConfigKey key, Object value) {
        return switch (value) {
            case String text -> text;
            case Long number -> number.toString();
            default ->
                throw new ConfigException(
                        "bad " + key.label() + " in " + file + ": expected a text in quotes or a whole number");
        };
    }
}
