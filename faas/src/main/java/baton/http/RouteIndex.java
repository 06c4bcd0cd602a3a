package baton.http;

import baton.function.FunctionName;
import java.util.HashMap;
import java.util.Map;

/// The METHOD:URI routes of a snapshot, ready to be asked with the bytes of a request. Immutable.
///
/// A path that is named exactly wins over one that ends with `/*`, and a longer one of these over a shorter
/// one. HEAD has the routes of GET, save where it has its own.
final class RouteIndex {
    private static final String BELOW = "/*";

    /// The routes of one method.
    ///
    /// @param exact by whole path
    /// @param below by what stands before `/*`
    private record Paths(ByteTable<FunctionName> exact, ByteTable<FunctionName> below, boolean anyBelow) {}

    private final ByteTable<Paths> methods;

    /// @param routes the function of each route, by its key `METHOD:URI`
    RouteIndex(Map<String, FunctionName> routes) {
        Map<String, Map<String, FunctionName>> byMethod = new HashMap<>();
        routes.forEach((key, name) -> {
            int colon = key.indexOf(':');
            byMethod.computeIfAbsent(key.substring(0, colon), method -> new HashMap<>())
                    .put(key.substring(colon + 1), name);
        });
        Map<String, FunctionName> get = byMethod.get("GET");
        if (get != null) {
            Map<String, FunctionName> head = byMethod.computeIfAbsent("HEAD", method -> new HashMap<>());
            get.forEach(head::putIfAbsent);
        }
        Map<String, Paths> paths = new HashMap<>();
        byMethod.forEach((method, ofMethod) -> paths.put(method, paths(ofMethod)));
        methods = new ByteTable<>(paths);
    }

    /// Finds the route of a request and writes the function's name and where PATH_INFO begins.
    ///
    /// @return whether there is one
    boolean find(RequestHead head, byte[] buffer, Router.Match match) {
        Paths paths = methods.get(buffer, head.methodStart(), head.methodEnd());
        if (paths == null) {
            return false;
        }
        int from = head.pathStart();
        int to = head.pathEnd();
        FunctionName name = paths.exact.get(buffer, from, to);
        if (name != null) {
            match.named = name;
            match.scriptEnd = to;
            return true;
        }
        return paths.anyBelow && findBelow(paths.below, buffer, from, to, match);
    }

    /// Asks for every beginning of the path that ends before a slash or at the path's end, in one pass; the
    /// last that is known is the longest.
    private static boolean findBelow(
            ByteTable<FunctionName> below, byte[] buffer, int from, int to, Router.Match match) {
        boolean found = false;
        int hash = ByteTable.EMPTY_HASH;
        for (int at = from; at <= to; at++) {
            if (at == to || buffer[at] == '/') {
                FunctionName name = below.get(buffer, from, at, hash);
                if (name != null) {
                    match.named = name;
                    match.scriptEnd = at;
                    found = true;
                }
            }
            hash = at < to ? ByteTable.step(hash, buffer[at]) : hash;
        }
        return found;
    }

    private static Paths paths(Map<String, FunctionName> routes) {
        Map<String, FunctionName> exact = new HashMap<>();
        Map<String, FunctionName> below = new HashMap<>();
        routes.forEach((path, name) -> {
            if (path.endsWith(BELOW)) {
                below.put(path.substring(0, path.length() - BELOW.length()), name);
            } else {
                exact.put(path, name);
            }
        });
        return new Paths(new ByteTable<>(exact), new ByteTable<>(below), !below.isEmpty());
    }
}
