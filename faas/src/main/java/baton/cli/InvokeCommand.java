package baton.cli;

import com.google.gson.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Invokes a function through the admin API and prints its output as it is.
@Command(
        name = "invoke",
        header = "Invoke a function and print its output.",
        footer = {
            "",
            "Examples:",
            "  ./baton invoke hello",
            "  ./baton invoke echo -d 'some text'",
            "  ./baton invoke resize -f photo.jpg",
            "  ./baton invoke hello_1760055556          one version of it"
        })
final class InvokeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "a function, or the id of one of its versions")
    private String name = "";

    @Mixin
    private PayloadOptions payload = new PayloadOptions();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    InvokeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String target = "/invoke?fn=" + AdminClient.encode(name);
        HttpAnswer answer = connection.client().send("POST", target, payload.bytes(), AdminClient.LONG);
        JsonObject json = answer.json();
        if (!answer.isSuccess()) {
            String stderr = json.has("stderr") ? json.get("stderr").getAsString() : "";
            terminal.err().print(Terminal.printable(stderr));
            if (!stderr.isEmpty() && !stderr.endsWith("\n")) {
                terminal.err().println();
            }
        }
        answer.orFail();
        terminal.out().print(json.has("output") ? json.get("output").getAsString() : "");
        return ExitCode.DONE;
    }
}
