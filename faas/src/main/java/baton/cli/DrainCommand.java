package baton.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Asks a worker to give its connections away; another takes its place.
@Command(
        name = "drain",
        header = "Drain a worker: it finishes what it has and is replaced.",
        footer = {"", "Examples:", "  ./baton workers", "  ./baton drain shared/0"})
final class DrainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "WORKER", description = "its id, POOL/INDEX, as ./baton workers shows it")
    private String worker = "";

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    DrainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (!worker.matches("[a-z][a-z0-9-]{0,62}/[0-9]{1,6}")) {
            throw CommandException.usage("bad worker '" + worker + "': expected POOL/INDEX such as shared/0");
        }
        HttpAnswer answer = connection
                .client()
                .send("POST", "/workers/" + worker + "/drain", new byte[0], AdminClient.QUICK)
                .orFail();
        if (!output.printed(terminal, answer.json())) {
            terminal.out().println("draining " + worker);
        }
        return ExitCode.DONE;
    }
}
