package baton.cli;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Prints the version of this program and of the platform, if one answers.
@Command(
        name = "version",
        header = "Print the version of this program and of the running platform.",
        footer = {"", "Examples:", "  ./baton version", "  ./baton version -o json"})
final class VersionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        AdminClient client = connection.client();
        String java = System.getProperty("java.version");
        JsonObject json = new JsonObject();
        json.addProperty("version", programVersion());
        json.addProperty("java", java);
        String platform;
        try {
            PlatformInfo info = PlatformInfo.of(client);
            json.add("platform", info.json());
            platform = "platform " + info.version() + " at " + client.base() + ", functions at " + info.httpUrl();
        } catch (CommandException e) {
            json.add("platform", JsonNull.INSTANCE);
            platform = "no platform at " + client.base();
        }
        if (!output.printed(terminal, json)) {
            terminal.out().println("baton " + programVersion() + " (Java " + java + ")");
            terminal.out().println(platform);
        }
        return ExitCode.DONE;
    }

    private static String programVersion() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
