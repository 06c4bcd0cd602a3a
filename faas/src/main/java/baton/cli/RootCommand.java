package baton.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The program itself; it does nothing without a command.
@Command(
        name = "baton",
        synopsisSubcommandLabel = "COMMAND",
        header = "Functions as a service that hand the client's own connection to a worker.",
        footer = {
            "",
            "Start:   ./baton up",
            "Deploy:  ./baton deploy examples/hello.c",
            "Call:    curl http://127.0.0.1:8080/function/hello",
            "",
            "Every command explains itself: ./baton COMMAND --help",
            "The launcher adds: test (the whole test suite), benchmark (Baton beside its peers).",
            "Exit codes: 0 done, 1 the request failed, 2 wrong usage, 3 the platform is not reachable."
        })
final class RootCommand {
    /// Only picocli reads it.
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this help")
    private boolean help;
}
