package baton.cli;

import baton.config.ConfigException;
import baton.config.ConfigKey;
import baton.config.PlatformConfig;
import baton.config.Settings;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/// Starts the platform in the foreground. Its options are the keys of baton.toml.
@Command(
        name = "up",
        header = "Start the platform in the foreground.",
        description = {
            "",
            "Each option is also a key in baton.toml and a variable (BATON_HTTP for --http);",
            "the command line wins over the environment, and that over the file.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./baton up",
            "  ./baton up --data /var/lib/baton --workers 4",
            "  ./baton up --http 0 --admin 0        any free ports; they are printed",
            "  BATON_TOKEN=secret ./baton up --bind 0.0.0.0"
        })
final class UpCommand implements Callable<Integer> {
    private final UpRunner runner;
    private final Map<ConfigKey, String> given = new EnumMap<>(ConfigKey.class);

    @Option(names = "--config", paramLabel = "FILE", description = "settings file; default ./baton.toml if it exists")
    private Path file = Path.of("baton.toml");

    private UpCommand(UpRunner runner) {
        this.runner = runner;
    }

    /// The command with one option for each key.
    static CommandLine create(UpRunner runner) {
        UpCommand command = new UpCommand(runner);
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        for (ConfigKey key : ConfigKey.values()) {
            String standard = key.defaultText().isEmpty() ? "" : " (default " + key.defaultText() + ")";
            spec.addOption(OptionSpec.builder("--" + key.label())
                    .paramLabel(key.placeholder())
                    .description(key.description() + standard)
                    .type(String.class)
                    .setter(new GivenOption(key, command.given))
                    .build());
        }
        return new CommandLine(spec);
    }

    @Override
    public Integer call() {
        return runner.run(config());
    }

    private PlatformConfig config() {
        try {
            Settings settings = Settings.of(given, System.getenv(), file);
            return PlatformConfig.of(settings, Runtime.getRuntime().availableProcessors());
        } catch (ConfigException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()), e);
        }
    }

    /// Notes what was given for a key.
    private record GivenOption(ConfigKey key, Map<ConfigKey, String> given) implements CommandLine.Model.ISetter {
        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals")
        public <T> T set(T value) {
            if (value != null) {
                given.put(key, value.toString());
            }
            return value;
        }
    }
}
