package baton.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Prints the source of a function as it was deployed, byte for byte.
@Command(
        name = "source",
        header = "Print the source of a function as deployed.",
        footer = {"", "Examples:", "  ./baton source hello", "  ./baton source hello > hello.c"})
final class SourceCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "the function")
    private String name = "";

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    SourceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String target = "/function/" + AdminClient.encode(name);
        byte[] source = connection.client().get(target).orFail().body();
        terminal.out().write(source, 0, source.length);
        return ExitCode.DONE;
    }
}
