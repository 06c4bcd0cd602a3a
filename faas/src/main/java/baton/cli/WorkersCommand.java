package baton.cli;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists the workers as they are now.
@Command(
        name = "workers",
        header = "List the worker processes.",
        footer = {"", "Examples:", "  ./baton workers", "  ./baton workers -o json"})
final class WorkersCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of("id", "pid", "state", "connections", "inflight", "invocations", "residentBytes", "started");

    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    WorkersCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        JsonObject json = connection.client().get("/workers").orFail().json();
        if (!output.printed(terminal, json)) {
            JsonView.printTable(terminal.out(), JsonView.array(json, "workers"), COLUMNS);
        }
        return ExitCode.DONE;
    }
}
