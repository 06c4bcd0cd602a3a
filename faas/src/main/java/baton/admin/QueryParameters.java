package baton.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The parameters of a request's query, decoded as HTML forms encode them: `+` is a space.
final class QueryParameters {
    private static final int MAX_PARAMETERS = 1_000;

    private final Map<String, List<String>> values;

    private QueryParameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /// @param query without the `?`
    static QueryParameters parse(String query) throws Refusal {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int count = 0;
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > MAX_PARAMETERS) {
                throw Refusal.badRequest("more than " + MAX_PARAMETERS + " query parameters");
            }
            int at = pair.indexOf('=');
            String name = decode(at < 0 ? pair : pair.substring(0, at));
            values.computeIfAbsent(name, n -> new ArrayList<>()).add(at < 0 ? "" : decode(pair.substring(at + 1)));
        }
        return new QueryParameters(values);
    }

    /// Percent-decodes a part of a URL's path.
    static String decodePath(String text) throws Refusal {
        return decode(text.replace("+", "%2B"));
    }

    private static String decode(String text) throws Refusal {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("bad percent-encoding in '" + text + "'");
        }
    }

    /// Refuses parameters that nothing would read, so that a typing error does not go unnoticed.
    void allowOnly(Set<String> known) throws Refusal {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                String choice = known.isEmpty() ? "none is allowed here" : "known are " + sorted(known);
                throw Refusal.badRequest("unknown query parameter '" + name + "': " + choice);
            }
        }
    }

    private static String sorted(Set<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }

    /// The value of a parameter that may be given once.
    Optional<String> one(String name) throws Refusal {
        List<String> found = all(name);
        if (found.size() > 1) {
            throw Refusal.badRequest("the query parameter '" + name + "' is given " + found.size() + " times");
        }
        return found.stream().findFirst();
    }

    /// The value of a parameter that must be given.
    String required(String name) throws Refusal {
        Optional<String> value = one(name).filter(text -> !text.isEmpty());
        if (value.isEmpty()) {
            throw Refusal.badRequest("the query parameter '" + name + "' is missing");
        }
        return value.get();
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }
}
