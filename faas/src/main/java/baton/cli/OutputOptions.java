package baton.cli;

import com.google.gson.JsonElement;
import picocli.CommandLine.Option;

/// Whether a command prints for people or for programs.
public final class OutputOptions {
    /// The two forms.
    enum Form {
        table,
        json
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "table (default), or json: the API's own answer")
    private Form form = Form.table;

    public boolean isJson() {
        return form == Form.json;
    }

    /// Prints JSON if that was asked for.
    ///
    /// @return whether it was
    public boolean printed(Terminal terminal, JsonElement json) {
        if (isJson()) {
            terminal.out().println(JsonView.pretty(json));
        }
        return isJson();
    }
}
