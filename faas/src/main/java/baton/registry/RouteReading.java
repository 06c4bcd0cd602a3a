package baton.registry;

import baton.function.FunctionName;
import baton.function.Route;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the rows of the table of routes mean. An administrator edits that table by hand, so each row is
/// judged by itself: one that is not valid keeps in force what its key last led to, and carries its problem
/// with it.
///
/// @param routes the function of each route that is in force, by key
/// @param entries every row, in the order of the keys
public record RouteReading(Map<String, FunctionName> routes, List<Entry> entries) {
    /// A row and what became of it.
    ///
    /// @param problem why the row is not valid, or an empty string
    /// @param function where its key leads now, or null when nowhere
    public record Entry(
            RouteRow row, String problem, @Nullable FunctionName function) {
        public boolean valid() {
            return problem.isEmpty();
        }

        /// Where its key leads now.
        public Optional<FunctionName> inForce() {
            return Optional.ofNullable(function);
        }
    }

    /// A reading of an empty table.
    public static final RouteReading EMPTY = new RouteReading(Map.of(), List.of());

    public RouteReading {
        routes = Map.copyOf(routes);
        entries = List.copyOf(entries);
    }

    /// Judges rows.
    ///
    /// @param live names of the functions that routes may lead to
    /// @param lastGood what each key led to before
    public static RouteReading of(List<RouteRow> rows, Set<String> live, Map<String, FunctionName> lastGood) {
        Map<String, FunctionName> routes = new HashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (RouteRow row : rows) {
            Entry entry = judge(row, live, lastGood);
            entry.inForce().ifPresent(name -> routes.put(row.key(), name));
            entries.add(entry);
        }
        return new RouteReading(routes, entries);
    }

    public long invalidRows() {
        return entries.stream().filter(entry -> !entry.valid()).count();
    }

    private static Entry judge(RouteRow row, Set<String> live, Map<String, FunctionName> lastGood) {
        try {
            return new Entry(row, "", function(row, live));
        } catch (IllegalArgumentException e) {
            FunctionName before = lastGood.get(row.key());
            boolean stillThere = before != null && live.contains(before.value());
            return new Entry(row, String.valueOf(e.getMessage()), stillThere ? before : null);
        }
    }

    private static FunctionName function(RouteRow row, Set<String> live) {
        Route route = Route.parse(row.key());
        if (!route.key().equals(row.key())) {
            throw new IllegalArgumentException("bad key '" + row.key() + "': write it as " + route.key());
        }
        JsonObject json = object(row.value());
        for (String key : json.keySet()) {
            if (!key.equals("function")) {
                throw new IllegalArgumentException("unknown key '" + key + "': expected {\"function\":\"NAME\"}");
            }
        }
        JsonElement name = json.get("function");
        if (name == null
                || !name.isJsonPrimitive()
                || !name.getAsJsonPrimitive().isString()) {
            throw new IllegalArgumentException("no function is named: expected {\"function\":\"NAME\"}");
        }
        FunctionName function = new FunctionName(name.getAsString());
        if (!live.contains(function.value())) {
            throw new IllegalArgumentException("there is no function '" + function + "': deploy it first");
        }
        return function;
    }

    private static JsonObject object(String text) {
        try {
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new IllegalArgumentException("the value is not valid JSON: expected {\"function\":\"NAME\"}", e);
        }
    }
}
