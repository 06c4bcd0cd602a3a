package baton.cli.doctor;

import baton.cli.AdminClient;
import baton.cli.CommandException;
import baton.cli.ConnectionOptions;
import baton.cli.ExitCode;
import baton.cli.HttpAnswer;
import baton.cli.JsonView;
import baton.cli.OutputOptions;
import baton.cli.PlatformInfo;
import baton.cli.Table;
import baton.cli.Terminal;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Shows which languages and tools are ready, and how to get the others.
@Command(
        name = "doctor",
        header = "Show which languages and tools are ready, and how to get the others.",
        description = {"", "Works with and without a running platform.", ""},
        footer = {"", "Examples:", "  ./baton doctor", "  ./baton doctor -o json"})
public final class DoctorCommand implements Callable<Integer> {
    private static final List<String> LANGUAGE_COLUMNS = List.of("lang", "state", "detail");
    private static final List<String> TOOL_COLUMNS = List.of("name", "state", "purpose", "detail", "cure");

    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    public DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        LocalTools local = new LocalTools(System.getenv(), Path.of(System.getProperty("user.home")));
        JsonObject json = new JsonObject();
        json.add("languages", json(local.languages()));
        json.add("tools", json(local.tools()));
        String platform = askPlatform(json);
        if (output.printed(terminal, json)) {
            return ExitCode.DONE;
        }
        terminal.out().println("Languages");
        JsonArray languages = JsonView.array(json, "platform_languages");
        if (languages.isEmpty()) {
            table(local.languages()).print(terminal.out());
        } else {
            JsonView.printTable(terminal.out(), languages, LANGUAGE_COLUMNS);
        }
        terminal.out().println();
        terminal.out().println("Tools on this machine");
        table(local.tools()).print(terminal.out());
        terminal.out().println();
        terminal.out().println(platform);
        JsonArray tools = JsonView.array(json, "platform_tools");
        if (!tools.isEmpty()) {
            JsonView.printTable(terminal.out(), tools, TOOL_COLUMNS);
        }
        return ExitCode.DONE;
    }

    /// Adds what the platform says, and tells in a sentence whether it said anything.
    private String askPlatform(JsonObject json) {
        AdminClient client = connection.client();
        try {
            PlatformInfo info = PlatformInfo.of(client);
            json.add("platform", info.json());
            json.add("platform_languages", list(client, "languages", "/languages"));
            json.add("platform_tools", list(client, "tools", "/doctor"));
            return "Platform " + info.version() + " at " + client.base() + ", functions at " + info.httpUrl();
        } catch (CommandException e) {
            if (e.exitCode() != ExitCode.UNREACHABLE) {
                throw e;
            }
            return "No platform at " + client.base() + "; start one with ./baton up";
        }
    }

    private static JsonArray list(AdminClient client, String key, String target) {
        HttpAnswer answer = client.get(target);
        return answer.isSuccess() ? JsonView.array(answer.json(), key) : new JsonArray();
    }

    private static Table table(List<Finding> findings) {
        Table table = new Table(List.of("NAME", "STATE", "DETAIL", "CURE"));
        findings.forEach(finding ->
                table.add(List.of(finding.name(), finding.state().label(), finding.detail(), finding.cure())));
        return table;
    }

    private static JsonArray json(List<Finding> findings) {
        JsonArray array = new JsonArray();
        for (Finding finding : findings) {
            JsonObject json = new JsonObject();
            json.addProperty("name", finding.name());
            json.addProperty("state", finding.state().label());
            json.addProperty("detail", finding.detail());
            json.addProperty("cure", finding.cure());
            array.add(json);
        }
        return array;
    }
}
