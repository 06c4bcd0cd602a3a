package baton.admin;

import baton.function.FunctionName;
import baton.function.RouteTable;
import baton.function.VersionId;
import baton.registry.RouteReading;
import baton.registry.StoredVersion;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// An immutable view of all that is deployed: the table in force, what the rows of routes mean, and every
/// version that is kept.
///
/// @param versions in the order in which they were deployed
public record Catalog(RouteTable table, RouteReading reading, List<StoredVersion> versions) {
    static final Catalog EMPTY = new Catalog(new RouteTable(0, Map.of(), Map.of()), RouteReading.EMPTY, List.of());

    public Catalog {
        versions = List.copyOf(versions);
    }

    /// The live version of a name.
    Optional<StoredVersion> live(String name) {
        return versions.stream()
                .filter(version -> version.live() && version.name().value().equals(name))
                .findFirst();
    }

    /// The live version of a name, or the version of an id.
    Optional<StoredVersion> find(String nameOrId) {
        return live(nameOrId)
                .or(() -> versions.stream()
                        .filter(version -> version.id().toString().equals(nameOrId))
                        .findFirst());
    }

    /// Whether any version has the name.
    boolean named(FunctionName name) {
        return versions.stream().anyMatch(version -> version.name().equals(name));
    }

    List<StoredVersion> versions(FunctionName name) {
        return versions.stream().filter(version -> version.name().equals(name)).toList();
    }

    Set<VersionId> ids() {
        return versions.stream().map(StoredVersion::id).collect(Collectors.toSet());
    }

    List<StoredVersion> without(Collection<VersionId> ids) {
        return versions.stream().filter(version -> !ids.contains(version.id())).toList();
    }

    /// Keys of the routes that lead to a function, in order.
    List<String> routes(FunctionName name) {
        return table.routes().entrySet().stream()
                .filter(route -> route.getValue().equals(name))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
