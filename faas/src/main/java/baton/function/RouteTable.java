package baton.function;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An immutable snapshot of what is deployed: the live version of each function, and the routes that lead to
/// one. Gateway and workers hold the same snapshot under the same number; a change makes the next one.
public final class RouteTable {
    public static final RouteTable EMPTY = new RouteTable(0, Map.of(), Map.of());

    private final long number;
    private final Map<String, FunctionVersion> live;
    private final Map<String, FunctionName> routes;

    /// @param number grows by one with each change
    /// @param live the live version of each function, by its name
    /// @param routes the function of each route, by the route's key
    public RouteTable(long number, Map<String, FunctionVersion> live, Map<String, FunctionName> routes) {
        this.number = number;
        this.live = Map.copyOf(live);
        this.routes = Map.copyOf(routes);
    }

    public long number() {
        return number;
    }

    public Map<String, FunctionVersion> live() {
        return live;
    }

    public Map<String, FunctionName> routes() {
        return routes;
    }

    public Optional<FunctionVersion> function(String name) {
        return Optional.ofNullable(live.get(name));
    }

    /// The next snapshot, with a version made live and the given routes added; an older version of it is
    /// replaced.
    public RouteTable with(FunctionVersion version, List<Route> added) {
        Map<String, FunctionVersion> nextLive = new HashMap<>(live);
        nextLive.put(version.name().value(), version);
        Map<String, FunctionName> nextRoutes = new HashMap<>(routes);
        added.forEach(route -> nextRoutes.put(route.key(), version.name()));
        return new RouteTable(number + 1, nextLive, nextRoutes);
    }

    /// The next snapshot, without a function and the routes that lead to it.
    public RouteTable without(FunctionName name) {
        Map<String, FunctionVersion> nextLive = new HashMap<>(live);
        nextLive.remove(name.value());
        Map<String, FunctionName> nextRoutes = new HashMap<>(routes);
        nextRoutes.values().removeIf(name::equals);
        return new RouteTable(number + 1, nextLive, nextRoutes);
    }

    /// The next snapshot, with other routes.
    public RouteTable withRoutes(Map<String, FunctionName> next) {
        return new RouteTable(number + 1, live, next);
    }
}
