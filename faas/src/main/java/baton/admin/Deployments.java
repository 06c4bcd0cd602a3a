package baton.admin;

import baton.build.BuildException;
import baton.build.Builder;
import baton.function.ErrorCode;
import baton.function.FunctionName;
import baton.function.FunctionVersion;
import baton.function.Language;
import baton.function.Route;
import baton.function.RouteTable;
import baton.function.VersionId;
import baton.log.Log;
import baton.log.LogEvent;
import baton.metrics.FunctionTotals;
import baton.registry.ArtifactStore;
import baton.registry.Registry;
import baton.registry.RegistryException;
import baton.registry.RouteReading;
import baton.registry.StoredVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// Brings functions into the platform and out of it: build, store, commit, publish.
///
/// A deploy is acknowledged when its files and rows are on disk and every worker has its version. Safe for
/// use by several threads: deploys of one name take turns, those of different names build side by side, and
/// one at a time commits and publishes, so that the numbers of the route tables grow in the order of the
/// commits.
public final class Deployments {
    /// How many versions of a function are kept, the live one included.
    static final int KEPT_VERSIONS = 3;

    private final Registry registry;
    private final ArtifactStore store;
    private final Builder builder;
    private final DataPlane dataPlane;
    private final FunctionTotals totals;
    private final Log log;
    private final Turns turns = new Turns();
    private final ReentrantLock commit = new ReentrantLock();
    private final Map<FunctionName, Long> lastIds = new HashMap<>();
    private volatile Catalog catalog = Catalog.EMPTY;

    public Deployments(
            Registry registry,
            ArtifactStore store,
            Builder builder,
            DataPlane dataPlane,
            FunctionTotals totals,
            Log log) {
        this.registry = registry;
        this.store = store;
        this.builder = builder;
        this.dataPlane = dataPlane;
        this.totals = totals;
        this.log = log;
    }

    /// Reads what was deployed before, once, at start. Recompiles modules that another engine compiled and
    /// removes what unfinished deploys left.
    ///
    /// @return the first route table, which the caller gives to the workers that it starts
    public RouteTable restore() throws IOException {
        commit.lock();
        try {
            List<StoredVersion> versions = new Restoration(registry, store, builder, log).run();
            RouteTable table = new RouteTable(1, liveVersions(versions), Map.of());
            RouteReading reading =
                    RouteReading.of(registry.routeRows(), table.live().keySet(), registry.routesInForce());
            catalog = new Catalog(new RouteTable(1, table.live(), reading.routes()), reading, versions);
            report(RouteReading.EMPTY, reading);
            return catalog.table();
        } finally {
            commit.unlock();
        }
    }

    private static Map<String, FunctionVersion> liveVersions(List<StoredVersion> versions) {
        return versions.stream()
                .filter(StoredVersion::live)
                .collect(Collectors.toMap(version -> version.name().value(), StoredVersion::version));
    }

    /// What is deployed now.
    public Catalog catalog() {
        return catalog;
    }

    /// The files of the versions.
    ArtifactStore store() {
        return store;
    }

    /// Refuses a deploy for what is known before its source has come.
    ///
    /// @param replace whether the name must be there already, or must not
    /// @return the language of the source
    Language check(DeployRequest request, boolean replace) throws Refusal {
        Optional<StoredVersion> before = catalog.live(request.name().value());
        if (replace && before.isEmpty()) {
            throw new Refusal(
                    ErrorCode.NO_FUNCTION,
                    "there is no function '" + request.name() + "' to replace: deploy its first version with POST");
        }
        if (!replace && catalog.named(request.name())) {
            throw new Refusal(
                    409,
                    "NAME_TAKEN",
                    "the name '" + request.name() + "' is taken: replace the function with PUT (deploy --replace),"
                            + " or choose another name");
        }
        for (Route route : request.routes()) {
            FunctionName owner = catalog.table().routes().get(route.key());
            if (owner != null && !owner.equals(request.name())) {
                throw new Refusal(409, "ROUTE_TAKEN", "the route " + route + " belongs to function '" + owner + "'");
            }
        }
        return request.languageOr(before.map(stored -> stored.version().language()));
    }

    /// Deploys a version and makes it live.
    ///
    /// @param replace whether it must replace a version, or must be the first of its name
    StoredVersion deploy(DeployRequest asked, byte[] source, boolean replace) throws Refusal {
        turns.take(asked.name());
        try {
            DeployRequest request = asked.in(check(asked, replace));
            VersionId id = nextId(request.name());
            boolean kept = false;
            try {
                StoredVersion version = build(request, id, source);
                commit(version, request, replace);
                kept = true;
                return version;
            } finally {
                if (!kept) {
                    discard(id);
                }
            }
        } finally {
            turns.giveBack(asked.name());
        }
    }

    private VersionId nextId(FunctionName name) {
        commit.lock();
        try {
            long newest = catalog.versions(name).stream()
                    .mapToLong(version -> version.id().epochSeconds())
                    .max()
                    .orElse(0);
            long last = Math.max(newest, lastIds.getOrDefault(name, 0L));
            long next = Math.max(Instant.now().getEpochSecond(), last + 1);
            lastIds.put(name, next);
            return new VersionId(name, next);
        } finally {
            commit.unlock();
        }
    }

    private StoredVersion build(DeployRequest request, VersionId id, byte[] source) throws Refusal {
        Language language = request.language().orElseThrow();
        try {
            Path staging = store.stage(id);
            Builder.Artifact artifact = builder.build(language, request.fileName(), source, staging);
            FunctionVersion version = new FunctionVersion(
                    id,
                    language,
                    request.limits(),
                    request.environment(),
                    request.isolation(),
                    request.instances(),
                    artifact.sha256());
            String compatibility = artifact.wasm() ? builder.compatibility() : "";
            long now = Instant.now().toEpochMilli();
            StoredVersion stored = new StoredVersion(
                    version, request.fileName(), artifact.wasm(), source.length, compatibility, now, true);
            store.seal(stored);
            return stored;
        } catch (BuildException e) {
            throw refusal(e);
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.INTERNAL,
                    "the function cannot be stored (" + e.getMessage() + "): make room in the data directory");
        }
    }

    private static Refusal refusal(BuildException e) {
        String sentence = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case SOURCE -> new Refusal(422, "BUILD_FAILED", sentence, e.detail());
            case LIMIT -> new Refusal(422, "BUILD_LIMIT", sentence, e.detail());
            case TOOL -> new Refusal(503, Refusal.TOOL_MISSING, sentence, e.detail());
            case BUSY -> new Refusal(429, ErrorCode.BUSY.name(), sentence, e.detail());
            case PLATFORM -> new Refusal(500, ErrorCode.INTERNAL.name(), sentence, e.detail());
        };
    }

    private void commit(StoredVersion version, DeployRequest request, boolean replace) throws Refusal {
        commit.lock();
        try {
            check(request, replace);
            registry.commit(version, request.routes());
            List<StoredVersion> versions = new ArrayList<>();
            catalog.versions().forEach(v -> versions.add(v.name().equals(version.name()) ? v.withLive(false) : v));
            versions.add(version);
            publish(catalog.table().with(version.version(), request.routes()), versions);
        } catch (RegistryException e) {
            throw refusal(e);
        } finally {
            commit.unlock();
        }
        log.info(LogEvent.FUNCTION_DEPLOYED, "function", version.name(), "version", version.id(), "replaces", replace);
        retireOldVersions(version.name());
    }

    private static Refusal refusal(RegistryException e) {
        ErrorCode code = e.reason() == RegistryException.Reason.LOCKED ? ErrorCode.BUSY : ErrorCode.INTERNAL;
        int status = e.reason() == RegistryException.Reason.LOCKED ? 503 : 500;
        return new Refusal(status, code.name(), String.valueOf(e.getMessage()));
    }

    /// Takes the routes from the registry's rows and gives the next table to the data plane. The commit lock
    /// is held. What is committed is published even where the rows cannot be read just now.
    ///
    /// @param table the functions that are live, and the routes as they should be by the rows
    private void publish(RouteTable table, List<StoredVersion> versions) {
        RouteReading before = catalog.reading();
        RouteReading reading = readRoutes(table);
        boolean routesChanged = !reading.routes().equals(catalog.table().routes());
        RouteTable next = new RouteTable(catalog.table().number() + 1, table.live(), reading.routes());
        catalog = new Catalog(next, reading, versions);
        if (routesChanged) {
            log.info(
                    LogEvent.ROUTES_CHANGED,
                    "table",
                    next.number(),
                    "routes",
                    next.routes().size());
        }
        report(before, reading);
        dataPlane.publish(next);
    }

    private RouteReading readRoutes(RouteTable table) {
        try {
            RouteReading reading =
                    RouteReading.of(registry.routeRows(), table.live().keySet(), table.routes());
            if (!reading.routes().equals(catalog.table().routes())) {
                registry.recordRoutesInForce(reading.routes());
            }
            return reading;
        } catch (RegistryException e) {
            log.error(LogEvent.INTERNAL_ERROR, "part", "routes", "error", String.valueOf(e.getMessage()));
            return new RouteReading(table.routes(), catalog.reading().entries());
        }
    }

    private void report(RouteReading before, RouteReading now) {
        for (RouteReading.Entry entry : now.entries()) {
            if (!entry.valid() && !before.entries().contains(entry)) {
                log.warn(
                        LogEvent.REGISTRY_ROW_INVALID,
                        "table",
                        "functions",
                        "key",
                        entry.row().key(),
                        "reason",
                        entry.problem(),
                        "in_force",
                        entry.inForce().map(FunctionName::value).orElse(""));
            }
        }
    }

    /// Reads the table of routes again, after somebody else has changed it, and publishes what is new.
    ///
    /// @throws RegistryException when it cannot be read; the routes in force stay
    public void reloadRoutes() {
        commit.lock();
        try {
            RouteTable table = catalog.table();
            RouteReading reading =
                    RouteReading.of(registry.routeRows(), table.live().keySet(), table.routes());
            if (reading.routes().equals(table.routes())) {
                report(catalog.reading(), reading);
                catalog = new Catalog(table, reading, catalog.versions());
            } else {
                publish(table, catalog.versions());
            }
        } finally {
            commit.unlock();
        }
    }

    /// Removes a function with all its versions and routes.
    ///
    /// @return the ids that were removed
    List<VersionId> remove(FunctionName name) throws Refusal {
        turns.take(name);
        try {
            List<VersionId> ids =
                    catalog.versions(name).stream().map(StoredVersion::id).toList();
            if (ids.isEmpty()) {
                throw Refusal.noFunction(name.value());
            }
            commit.lock();
            try {
                registry.remove(name);
                publish(catalog.table().without(name), catalog.without(ids));
                totals.keepOnly(catalog.ids());
            } catch (RegistryException e) {
                throw refusal(e);
            } finally {
                commit.unlock();
            }
            ids.forEach(this::delete);
            log.info(LogEvent.FUNCTION_REMOVED, "function", name, "versions", ids.size());
            return ids;
        } finally {
            turns.giveBack(name);
        }
    }

    private void retireOldVersions(FunctionName name) {
        List<VersionId> old = catalog.versions(name).stream()
                .map(StoredVersion::id)
                .sorted(Comparator.comparingLong(VersionId::epochSeconds).reversed())
                .skip(KEPT_VERSIONS)
                .toList();
        if (old.isEmpty()) {
            return;
        }
        commit.lock();
        try {
            registry.forget(old);
            catalog = new Catalog(catalog.table(), catalog.reading(), catalog.without(old));
            totals.keepOnly(catalog.ids());
        } catch (RegistryException e) {
            // The deploy itself is done; the next one tries again.
            log.error(
                    LogEvent.INTERNAL_ERROR,
                    "part",
                    "retention",
                    "function",
                    name,
                    "error",
                    String.valueOf(e.getMessage()));
            return;
        } finally {
            commit.unlock();
        }
        old.forEach(this::delete);
    }

    private void delete(VersionId id) {
        try {
            store.delete(id);
        } catch (IOException e) {
            // Its row is gone, so the next start removes the rest.
            log.error(LogEvent.INTERNAL_ERROR, "part", "artifacts", "version", id, "error", e);
        }
    }

    private void discard(VersionId id) {
        if (catalog.ids().contains(id)) {
            return;
        }
        try {
            store.discard(id);
        } catch (IOException e) {
            log.error(LogEvent.INTERNAL_ERROR, "part", "artifacts", "version", id, "error", e);
        }
    }
}
