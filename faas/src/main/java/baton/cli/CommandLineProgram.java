package baton.cli;

import baton.cli.bench.BenchCommand;
import baton.cli.doctor.DoctorCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// The command line: finds the command, runs it, and turns every ending into an exit code and, where it
/// failed, one line that names cause and cure.
public final class CommandLineProgram {
    private static final List<String> NAMES = List.of(
            "up",
            "deploy",
            "invoke",
            "list",
            "describe",
            "source",
            "remove",
            "logs",
            "routes",
            "workers",
            "drain",
            "bench",
            "doctor",
            "version");

    private final Terminal terminal;
    private final UpRunner upRunner;

    CommandLineProgram(Terminal terminal, UpRunner upRunner) {
        this.terminal = terminal;
        this.upRunner = upRunner;
    }

    /// The command line on the streams of this process.
    ///
    /// @param upRunner runs the platform for `up`
    public static CommandLineProgram onTerminal(UpRunner upRunner) {
        return new CommandLineProgram(Terminal.ofProcess(), upRunner);
    }

    /// Runs one command. The hidden one `rehearse` runs them all for the AOT cache.
    ///
    /// @return exit code, see [ExitCode]
    public int run(String... arguments) {
        if (arguments.length == 1 && arguments[0].equals("rehearse")) {
            return new Rehearsal(upRunner).run();
        }
        String[] asked = withHelp(arguments);
        int exit = commandLine(asked).execute(asked);
        if (!terminal.finish() && exit == ExitCode.DONE) {
            terminal.error("the output could not be written: is the disk full, or the reader gone?");
            return ExitCode.FAILED;
        }
        return exit;
    }

    /// `help deploy` is `deploy --help`, and nothing at all asks for help too.
    private static String[] withHelp(String... arguments) {
        if (arguments.length == 0) {
            return new String[] {"--help"};
        }
        if (!arguments[0].equals("help")) {
            return arguments;
        }
        String[] asked = Arrays.copyOfRange(arguments, 1, arguments.length + 1);
        asked[asked.length - 1] = "--help";
        return asked;
    }

    /// Only the command that is asked for is built, unless all are needed for help or for a guess what was
    /// meant.
    private CommandLine commandLine(String... arguments) {
        CommandLine root = new CommandLine(new RootCommand());
        Optional<String> asked = Arrays.stream(arguments).findFirst().filter(NAMES::contains);
        List<String> needed = asked.map(List::of).orElse(NAMES);
        needed.forEach(name -> root.addSubcommand(name, command(name)));
        root.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        root.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        root.setUsageHelpAutoWidth(false);
        root.setUsageHelpWidth(100);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setParameterExceptionHandler(this::wrongUsage);
        root.setExecutionExceptionHandler((failure, command, _) -> failed(failure, command));
        return root;
    }

    private Object command(String name) {
        return switch (name) {
            case "up" -> UpCommand.create(upRunner);
            case "deploy" -> new DeployCommand(terminal);
            case "invoke" -> new InvokeCommand(terminal);
            case "list" -> new ListCommand(terminal);
            case "describe" -> new DescribeCommand(terminal);
            case "source" -> new SourceCommand(terminal);
            case "remove" -> new RemoveCommand(terminal);
            case "logs" -> new LogsCommand(terminal);
            case "routes" -> new RoutesCommand(terminal);
            case "workers" -> new WorkersCommand(terminal);
            case "drain" -> new DrainCommand(terminal);
            case "bench" -> new BenchCommand(terminal);
            case "doctor" -> new DoctorCommand(terminal);
            case "version" -> new VersionCommand(terminal);
            default -> throw new IllegalArgumentException("no command " + name);
        };
    }

    private int wrongUsage(CommandLine.ParameterException wrong, String... arguments) {
        CommandLine command = wrong.getCommandLine();
        terminal.error(String.valueOf(wrong.getMessage()).lines().findFirst().orElse("wrong usage"));
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched) {
            List<String> guesses = unmatched.getSuggestions();
            if (!guesses.isEmpty()) {
                terminal.err().println("Did you mean: " + String.join(", ", guesses) + "?");
            }
        }
        String name = command.getCommandSpec().qualifiedName(" ");
        terminal.err().println("Try: ./" + name + " --help");
        return ExitCode.USAGE;
    }

    private int failed(Exception failure, CommandLine command) {
        if (failure instanceof CommandException ending) {
            terminal.error(ending.sentence());
            if (!ending.detail().isEmpty()) {
                terminal.err().println(ending.detail().stripTrailing());
            }
            if (ending.exitCode() == ExitCode.USAGE) {
                terminal.err().println("Try: ./" + command.getCommandSpec().qualifiedName(" ") + " --help");
            }
            return ending.exitCode();
        }
        terminal.error("this is a defect of baton: " + failure);
        failure.printStackTrace(terminal.err());
        return ExitCode.FAILED;
    }
}
