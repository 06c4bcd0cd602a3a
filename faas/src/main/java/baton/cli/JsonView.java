package baton.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Shows the JSON of the admin API to people: a list of objects as a table, one object as indented lines.
/// What a newer platform adds is shown as well.
public final class JsonView {
    private static final int MAX_DEPTH = 6;

    private JsonView() {}

    /// A list of objects as a table.
    ///
    /// @param columns which to show, in order; those that no object has are left out
    public static void printTable(PrintStream to, JsonArray rows, List<String> columns) {
        Set<String> present = new LinkedHashSet<>(columns);
        present.removeIf(column -> !anyHas(rows, column));
        Table table = new Table(present.stream().map(JsonView::heading).toList());
        for (JsonElement row : rows) {
            JsonObject object = row.isJsonObject() ? row.getAsJsonObject() : new JsonObject();
            table.add(present.stream().map(column -> cell(object, column)).toList());
        }
        table.print(to);
    }

    private static String cell(JsonObject row, String column) {
        return row.has(column) ? Units.text(column, row.get(column)).orElseGet(() -> text(row.get(column))) : "-";
    }

    /// An object as lines `key: value`, what is nested further in.
    public static void printObject(PrintStream to, JsonObject object, int depth) {
        String indent = "  ".repeat(depth);
        for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
            JsonElement value = entry.getValue();
            if (value.isJsonObject() && depth < MAX_DEPTH) {
                to.println(indent + label(entry.getKey()) + ":");
                if (entry.getKey().equals("env")) {
                    printVariables(to, value.getAsJsonObject(), indent + "  ");
                } else {
                    printObject(to, value.getAsJsonObject(), depth + 1);
                }
            } else if (isListOfObjects(value)) {
                to.println(indent + label(entry.getKey()) + ":");
                printRows(to, value.getAsJsonArray(), depth + 1);
            } else {
                to.println(indent + label(entry.getKey()) + ": " + cell(object, entry.getKey()));
            }
        }
    }

    /// A value as one text: a list with commas, an object as JSON.
    public static String text(JsonElement value) {
        if (value.isJsonNull()) {
            return "";
        }
        if (value.isJsonPrimitive()) {
            return Terminal.printable(value.getAsString());
        }
        if (value.isJsonArray()) {
            return value.getAsJsonArray().asList().stream()
                    .map(element -> element.isJsonArray() ? element.toString() : text(element))
                    .collect(Collectors.joining(", "));
        }
        return Terminal.printable(value.toString());
    }

    /// The API's own JSON, indented.
    public static String pretty(JsonElement value) {
        return new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(value);
    }

    public static JsonArray array(JsonObject object, String key) {
        return object.has(key) && object.get(key).isJsonArray() ? object.getAsJsonArray(key) : new JsonArray();
    }

    /// Value of a key as a text, or an empty one when it is missing.
    public static String text(JsonObject object, String key) {
        return object.has(key) ? text(object.get(key)) : "";
    }

    /// Names of variables are the author's: they are shown as they are.
    private static void printVariables(PrintStream to, JsonObject variables, String indent) {
        variables
                .entrySet()
                .forEach(variable ->
                        to.println(indent + Terminal.printable(variable.getKey()) + ": " + text(variable.getValue())));
    }

    private static void printRows(PrintStream to, JsonArray rows, int depth) {
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> columns.addAll(row.getAsJsonObject().keySet()));
        Table table = new Table(columns.stream().map(JsonView::heading).toList());
        rows.forEach(row -> table.add(columns.stream()
                .map(column -> cell(row.getAsJsonObject(), column))
                .toList()));
        table.print(to, "  ".repeat(depth));
    }

    private static boolean isListOfObjects(JsonElement value) {
        return value.isJsonArray()
                && !value.getAsJsonArray().isEmpty()
                && value.getAsJsonArray().asList().stream().allMatch(JsonElement::isJsonObject);
    }

    private static boolean anyHas(JsonArray rows, String column) {
        return rows.asList().stream()
                .anyMatch(row -> row.isJsonObject() && row.getAsJsonObject().has(column));
    }

    private static String heading(String column) {
        return label(column).toUpperCase(Locale.ROOT);
    }

    private static String label(String key) {
        return Terminal.printable(
                        Units.label(key).replaceAll("([a-z])([A-Z])", "$1 $2").replace('_', ' '))
                .toLowerCase(Locale.ROOT);
    }
}
