package baton.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Prints what a function wrote to stderr.
@Command(
        name = "logs",
        header = "Print what a function wrote to stderr.",
        footer = {"", "Examples:", "  ./baton logs hello", "  ./baton logs hello -f       until interrupted"})
final class LogsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "the function")
    private String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "wait for more")
    private boolean follow;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    LogsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String target = "/logs?fn=" + AdminClient.encode(name) + (follow ? "&follow=true" : "");
        connection.client().stream(target, this::show).orFail();
        return ExitCode.DONE;
    }

    private boolean show(byte[] bytes, int count) {
        terminal.out().write(bytes, 0, count);
        return !terminal.out().checkError();
    }
}
