package baton.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists the functions.
@Command(
        name = "list",
        header = "List the functions.",
        footer = {"", "Examples:", "  ./baton list", "  ./baton list -o json"})
final class ListCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of("name", "lang", "id", "isolation", "instances", "routes", "versions", "invocations", "deployed");

    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    ListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        JsonObject json = connection.client().get("/functions").orFail().json();
        if (output.printed(terminal, json)) {
            return ExitCode.DONE;
        }
        JsonArray functions = JsonView.array(json, "functions");
        if (functions.isEmpty()) {
            terminal.out().println("No functions yet. Deploy one: ./baton deploy examples/hello.c");
        } else {
            JsonView.printTable(terminal.out(), functions, COLUMNS);
        }
        return ExitCode.DONE;
    }
}
