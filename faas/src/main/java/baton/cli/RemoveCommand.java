package baton.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Removes a function with all its versions and routes.
@Command(
        name = "remove",
        header = "Remove a function with its versions and routes.",
        footer = {"", "Examples:", "  ./baton remove hello"})
final class RemoveCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "the function")
    private String name = "";

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    RemoveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String target = "/functions/" + AdminClient.encode(name);
        HttpAnswer answer = connection
                .client()
                .send("DELETE", target, new byte[0], AdminClient.QUICK)
                .orFail();
        if (!output.printed(terminal, answer.json())) {
            terminal.out().println("removed " + name);
        }
        return ExitCode.DONE;
    }
}
