package baton.registry;

import baton.function.FunctionName;
import baton.function.Route;
import baton.function.VersionId;
import baton.log.Log;
import baton.log.LogEvent;
import baton.registry.RegistryException.Reason;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The durable record of functions, versions and routes: `baton.db`, a SQLite file in write-ahead mode.
///
/// Table `functions` holds the routes and belongs to the administrator as much as to Baton: any SQLite
/// client may edit it while Baton runs. `versions` has a row for each version, `routes_in_force` what each
/// route last led to, so that an invalid row keeps its last good meaning over a restart. What is committed
/// is on disk.
///
/// Safe for use by several threads; one at a time uses the connection.
public final class Registry implements AutoCloseable {
    /// Name of the file in the data directory.
    public static final String FILE = "baton.db";

    private static final int SCHEMA = 1;
    private static final List<String> TABLES = List.of(
            """
            CREATE TABLE IF NOT EXISTS functions (
              k TEXT PRIMARY KEY,
              v TEXT NOT NULL,
              updated INTEGER NOT NULL DEFAULT (unixepoch()))""",
            """
            CREATE TABLE versions (
              id TEXT PRIMARY KEY,
              name TEXT NOT NULL,
              lang TEXT NOT NULL,
              descriptor TEXT NOT NULL,
              live INTEGER NOT NULL CHECK (live IN (0, 1)))""",
            "CREATE UNIQUE INDEX one_live_version ON versions (name) WHERE live = 1",
            "CREATE TABLE routes_in_force (k TEXT PRIMARY KEY, function TEXT NOT NULL)",
            "PRAGMA user_version = " + SCHEMA);

    /// What [#versions] read.
    ///
    /// @param sound the versions whose rows are valid
    /// @param damaged ids of the rows that are not; their files must not be taken for orphans
    public record Versions(List<StoredVersion> sound, List<String> damaged) {}

    private final Database database;
    private final Log log;
    private long dataVersion;

    private Registry(Database database, Log log) {
        this.database = database;
        this.log = log;
        this.dataVersion = database.dataVersion();
    }

    /// Opens the registry of a data directory, or makes it.
    ///
    /// @param cacheDirectory where SQLite's native library is unpacked once
    /// @throws RegistryException when it is locked, damaged or not writable
    public static Registry open(Path dataDirectory, Path cacheDirectory, Log log) {
        Database database = Database.open(dataDirectory.resolve(FILE), cacheDirectory);
        try {
            createTables(database);
            log.info(LogEvent.REGISTRY_OPENED, "file", database.file(), "created", database.created());
            return new Registry(database, log);
        } catch (RegistryException e) {
            database.close();
            throw e;
        }
    }

    private static void createTables(Database database) {
        long schema = database.read(c -> Database.number(c, "PRAGMA user_version"));
        if (schema > SCHEMA) {
            throw new RegistryException(
                    Reason.NEWER,
                    "the registry " + database.file() + " was written by a newer Baton (its format is " + schema
                            + ", this release knows " + SCHEMA + "): start that release");
        }
        if (schema == 0) {
            database.write(connection -> {
                try (Statement statement = connection.createStatement()) {
                    for (String table : TABLES) {
                        statement.execute(table);
                    }
                }
                return SCHEMA;
            });
        }
    }

    /// Whether the file did not exist when the registry was opened.
    public boolean created() {
        return database.created();
    }

    /// Every version. Rows that are not valid are left out, with a line in the log for each.
    public synchronized Versions versions() {
        List<StoredVersion> sound = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        database.read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT id, descriptor, live FROM versions ORDER BY id")) {
                while (rows.next()) {
                    readVersion(String.valueOf(rows.getString(1)), rows, sound, damaged);
                }
                return sound.size();
            }
        });
        return new Versions(List.copyOf(sound), List.copyOf(damaged));
    }

    private void readVersion(String id, ResultSet row, List<StoredVersion> sound, List<String> damaged)
            throws SQLException {
        try {
            StoredVersion version = VersionDescriptor.read(String.valueOf(row.getString(2)), row.getInt(3) == 1);
            if (!version.id().toString().equals(id)) {
                throw new IllegalArgumentException("the descriptor names another id, " + version.id());
            }
            sound.add(version);
        } catch (IllegalArgumentException | ArithmeticException e) {
            damaged.add(id);
            log.error(
                    LogEvent.REGISTRY_ROW_INVALID,
                    "table",
                    "versions",
                    "key",
                    id,
                    "reason",
                    String.valueOf(e.getMessage()));
        }
    }

    /// Records a version, makes it the live one of its function and leads routes to it, all in one
    /// transaction.
    public synchronized void commit(StoredVersion version, List<Route> routes) {
        database.write(connection -> {
            retire(connection, version.name());
            insert(connection, version.withLive(true));
            for (Route route : routes) {
                putRoute(connection, route, version.name());
            }
            return version;
        });
    }

    /// Records versions that were found on disk beside a registry that is new.
    public synchronized void adopt(List<StoredVersion> versions) {
        database.write(connection -> {
            for (StoredVersion version : versions) {
                insert(connection, version);
            }
            return versions;
        });
    }

    /// Replaces the descriptor of a version whose module was compiled anew.
    public synchronized void update(StoredVersion version) {
        database.write(connection -> {
            String sql = "UPDATE versions SET descriptor = ? WHERE id = ?";
            return execute(
                    connection,
                    sql,
                    VersionDescriptor.write(version),
                    version.id().toString());
        });
    }

    /// Removes a function with all its versions and the routes that lead to it.
    public synchronized void remove(FunctionName name) {
        database.write(connection -> {
            for (RouteRow row : rows(connection)) {
                if (leadsTo(row, name)) {
                    execute(connection, "DELETE FROM functions WHERE k = ?", row.key());
                }
            }
            execute(connection, "DELETE FROM routes_in_force WHERE function = ?", name.value());
            return execute(connection, "DELETE FROM versions WHERE name = ?", name.value());
        });
    }

    /// Removes the rows of single versions.
    public synchronized void forget(Collection<VersionId> ids) {
        database.write(connection -> {
            for (VersionId id : ids) {
                execute(connection, "DELETE FROM versions WHERE id = ?", id.toString());
            }
            return ids;
        });
    }

    /// The rows of the table of routes as they are now, ordered by key.
    public synchronized List<RouteRow> routeRows() {
        return database.read(Registry::rows);
    }

    /// What each route led to when that was last recorded.
    public synchronized Map<String, FunctionName> routesInForce() {
        return database.read(connection -> {
            Map<String, FunctionName> routes = new HashMap<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT k, function FROM routes_in_force")) {
                while (rows.next()) {
                    String name = String.valueOf(rows.getString(2));
                    if (FunctionName.isValid(name)) {
                        routes.put(String.valueOf(rows.getString(1)), new FunctionName(name));
                    }
                }
            }
            return routes;
        });
    }

    /// Records what each route leads to.
    public synchronized void recordRoutesInForce(Map<String, FunctionName> routes) {
        database.write(connection -> {
            execute(connection, "DELETE FROM routes_in_force");
            for (Map.Entry<String, FunctionName> route : routes.entrySet()) {
                String sql = "INSERT INTO routes_in_force (k, function) VALUES (?, ?)";
                execute(connection, sql, route.getKey(), route.getValue().value());
            }
            return routes;
        });
    }

    /// Whether another program has changed the file since this was last asked.
    public synchronized boolean changedByOthers() {
        long now = database.dataVersion();
        boolean changed = now != dataVersion;
        dataVersion = now;
        return changed;
    }

    private static boolean leadsTo(RouteRow row, FunctionName name) {
        return RouteReading.of(List.of(row), Set.of(name.value()), Map.of())
                .routes()
                .containsValue(name);
    }

    private static List<RouteRow> rows(Connection connection) throws SQLException {
        List<RouteRow> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT k, v, updated FROM functions ORDER BY k")) {
            while (rows.next()) {
                found.add(new RouteRow(
                        String.valueOf(rows.getString(1)), String.valueOf(rows.getString(2)), rows.getLong(3)));
            }
        }
        return List.copyOf(found);
    }

    private static void retire(Connection connection, FunctionName name) throws SQLException {
        execute(connection, "UPDATE versions SET live = 0 WHERE name = ? AND live = 1", name.value());
    }

    private static void insert(Connection connection, StoredVersion version) throws SQLException {
        String sql = "INSERT INTO versions (id, name, lang, descriptor, live) VALUES (?, ?, ?, ?, ?)";
        execute(
                connection,
                sql,
                version.id().toString(),
                version.name().value(),
                version.version().language().label(),
                VersionDescriptor.write(version),
                version.live() ? 1 : 0);
    }

    private static void putRoute(Connection connection, Route route, FunctionName name) throws SQLException {
        String sql = "INSERT INTO functions (k, v, updated) VALUES (?, ?, ?)"
                + " ON CONFLICT (k) DO UPDATE SET v = excluded.v, updated = excluded.updated";
        String value = "{\"function\":\"" + name + "\"}";
        execute(connection, sql, route.key(), value, Instant.now().getEpochSecond());
    }

    private static int execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    @Override
    public synchronized void close() {
        database.close();
    }
}
