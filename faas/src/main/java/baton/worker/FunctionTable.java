package baton.worker;

import baton.function.FunctionVersion;
import baton.function.RouteTable;
import baton.http.Router;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What this worker can serve: the router of the snapshot in force and the entry of each version. Immutable,
/// but for the entries themselves.
final class FunctionTable {
    private final Router router;
    private final IdentityHashMap<FunctionVersion, FunctionEntry> live;
    private final Map<String, FunctionEntry> byId;

    private FunctionTable(
            Router router, IdentityHashMap<FunctionVersion, FunctionEntry> live, Map<String, FunctionEntry> byId) {
        this.router = router;
        this.live = live;
        this.byId = byId;
    }

    static FunctionTable empty(String hostSuffix) {
        return new FunctionTable(new Router(RouteTable.EMPTY, hostSuffix), new IdentityHashMap<>(), Map.of());
    }

    /// The table of another snapshot. Entries of versions that stay are kept, with what they have loaded and
    /// counted.
    ///
    /// @param worker the value of `X-Baton-Worker`
    FunctionTable next(RouteTable routes, String worker) {
        IdentityHashMap<FunctionVersion, FunctionEntry> entries = new IdentityHashMap<>();
        Map<String, FunctionEntry> ids = new LinkedHashMap<>();
        for (FunctionVersion version : routes.live().values()) {
            FunctionEntry known = byId.get(version.id().toString());
            boolean same = known != null && known.version().equals(version);
            FunctionEntry entry = same ? known : new FunctionEntry(version, worker);
            entries.put(version, entry);
            ids.put(version.id().toString(), entry);
        }
        return new FunctionTable(new Router(routes, router.hostSuffix()), entries, ids);
    }

    Router router() {
        return router;
    }

    /// The entry of a version that the router matched.
    @Nullable
    FunctionEntry entry(@Nullable FunctionVersion version) {
        return version == null ? null : live.get(version);
    }

    /// The entry of a version by its id.
    @Nullable
    FunctionEntry byId(String id) {
        return byId.get(id);
    }

    Iterable<FunctionEntry> entries() {
        return byId.values();
    }
}
