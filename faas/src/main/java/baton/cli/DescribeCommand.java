package baton.cli;

import com.google.gson.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Shows one function: versions, routes, limits, instances.
@Command(
        name = "describe",
        header = "Show a function: versions, routes, limits.",
        footer = {"", "Examples:", "  ./baton describe hello", "  ./baton describe hello -o json"})
final class DescribeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "the function")
    private String name = "";

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    DescribeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String target = "/functions/" + AdminClient.encode(name);
        JsonObject json = connection.client().get(target).orFail().json();
        if (!output.printed(terminal, json)) {
            json.remove("ok");
            JsonView.printObject(terminal.out(), json, 0);
        }
        return ExitCode.DONE;
    }
}
