package baton.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists the routes.
@Command(
        name = "routes",
        header = "List the routes and the functions they lead to.",
        footer = {"", "Examples:", "  ./baton routes", "  ./baton routes -o json"})
final class RoutesCommand implements Callable<Integer> {
    private static final List<String> COLUMNS = List.of("key", "function", "state", "error", "updated");

    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    RoutesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        JsonObject json = connection.client().get("/routes").orFail().json();
        if (output.printed(terminal, json)) {
            return ExitCode.DONE;
        }
        JsonArray routes = JsonView.array(json, "routes");
        if (routes.isEmpty()) {
            terminal.out()
                    .println("No routes. Functions answer at /function/NAME; a route comes with"
                            + " ./baton deploy FILE --route \"POST /api/x\"");
        } else {
            JsonView.printTable(terminal.out(), routes, COLUMNS);
        }
        return ExitCode.DONE;
    }
}
