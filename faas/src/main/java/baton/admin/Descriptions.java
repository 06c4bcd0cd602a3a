package baton.admin;

import baton.function.FunctionLimits;
import baton.function.FunctionName;
import baton.metrics.FunctionCounters;
import baton.metrics.FunctionTotals;
import baton.registry.ArtifactStore;
import baton.registry.RouteReading;
import baton.registry.StoredVersion;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The JSON that describes functions, routes, workers and tools.
final class Descriptions {
    /// What is shown in place of the value of a function's variable, which may be a secret.
    private static final String MASKED = "***";

    private Descriptions() {}

    static JsonObject ok() {
        JsonObject json = new JsonObject();
        json.addProperty("ok", true);
        return json;
    }

    static JsonObject functions(Catalog catalog, FunctionTotals totals) {
        JsonArray functions = new JsonArray();
        catalog.versions().stream()
                .filter(StoredVersion::live)
                .sorted((a, b) -> a.name().value().compareTo(b.name().value()))
                .forEach(live -> functions.add(summary(live, catalog, totals)));
        return list("functions", functions);
    }

    private static JsonObject summary(StoredVersion live, Catalog catalog, FunctionTotals totals) {
        JsonObject json = head(live);
        json.add("routes", texts(catalog.routes(live.name())));
        json.addProperty("versions", catalog.versions(live.name()).size());
        json.addProperty(
                "invocations",
                invocations(catalog.versions(live.name()), totals).invocations());
        json.addProperty("deployed", instant(live.createdEpochMillis()));
        return json;
    }

    private static JsonObject head(StoredVersion live) {
        JsonObject json = new JsonObject();
        json.addProperty("name", live.name().value());
        json.addProperty("id", live.id().toString());
        json.addProperty("lang", live.version().language().label());
        json.addProperty("wasm", live.wasm());
        json.addProperty("isolation", live.version().isolation().label());
        json.addProperty("instances", live.version().instances());
        return json;
    }

    static JsonObject function(StoredVersion live, Catalog catalog, FunctionTotals totals, ArtifactStore store)
            throws IOException {
        FunctionName name = live.name();
        List<StoredVersion> versions = catalog.versions(name);
        JsonObject json = ok();
        head(live).entrySet().forEach(field -> json.add(field.getKey(), field.getValue()));
        json.addProperty("url", "/function/" + name);
        json.addProperty("file", live.fileName());
        json.addProperty("deployed", instant(live.createdEpochMillis()));
        json.add("routes", texts(catalog.routes(name)));
        json.add("limits", limits(live.version().limits()));
        json.add("env", environment(live.version().environment()));
        json.add("counters", counters(invocations(versions, totals)));
        JsonArray list = new JsonArray();
        for (StoredVersion version : versions.reversed()) {
            list.add(version(version, totals, store));
        }
        json.add("versions", list);
        return json;
    }

    private static JsonObject version(StoredVersion version, FunctionTotals totals, ArtifactStore store)
            throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("id", version.id().toString());
        json.addProperty("live", version.live());
        json.addProperty("lang", version.version().language().label());
        json.addProperty("deployed", instant(version.createdEpochMillis()));
        json.addProperty("sourceBytes", version.sourceBytes());
        json.addProperty("artifactBytes", Files.size(store.artifact(version)));
        json.addProperty("sha256", version.version().artifactSha256());
        json.addProperty("invocations", totals.total(version.id()).invocations());
        return json;
    }

    private static FunctionCounters invocations(List<StoredVersion> versions, FunctionTotals totals) {
        FunctionCounters sum = new FunctionCounters();
        versions.forEach(version -> sum.add(totals.total(version.id())));
        return sum;
    }

    private static JsonObject counters(FunctionCounters counters) {
        JsonObject json = new JsonObject();
        json.addProperty("invocations", counters.invocations());
        json.addProperty("errors", counters.errors());
        json.addProperty("timeouts", counters.timeouts());
        json.addProperty("coldStarts", counters.coldStarts());
        long count = Math.max(1, counters.durations().count());
        json.addProperty("meanMicros", counters.durations().sumNanos() / count / 1_000);
        return json;
    }

    private static JsonObject limits(FunctionLimits limits) {
        JsonObject json = new JsonObject();
        json.addProperty("memoryBytes", limits.memoryBytes());
        json.addProperty("timeoutMillis", limits.timeout().toMillis());
        json.addProperty("outputBytes", limits.outputBytes());
        json.addProperty("bodyBytes", limits.bodyBytes());
        json.addProperty("concurrency", limits.concurrency());
        return json;
    }

    private static JsonObject environment(Map<String, String> environment) {
        JsonObject json = new JsonObject();
        new TreeMap<>(environment).keySet().forEach(name -> json.addProperty(name, MASKED));
        return json;
    }

    static JsonObject routes(Catalog catalog) {
        JsonArray routes = new JsonArray();
        for (RouteReading.Entry entry : catalog.reading().entries()) {
            String key = entry.row().key();
            int colon = Math.max(0, key.indexOf(':'));
            JsonObject json = new JsonObject();
            json.addProperty("key", key);
            json.addProperty("method", key.substring(0, colon));
            json.addProperty("path", key.substring(Math.min(key.length(), colon + 1)));
            json.addProperty(
                    "function", entry.inForce().map(FunctionName::value).orElse(""));
            json.addProperty("state", entry.valid() ? "valid" : "invalid");
            if (!entry.valid()) {
                json.addProperty("error", entry.problem());
                json.addProperty("value", entry.row().value());
            }
            json.addProperty("updated", updated(entry.row().updatedEpochSeconds()));
            routes.add(json);
        }
        JsonObject json = list("routes", routes);
        json.addProperty("table", catalog.table().number());
        return json;
    }

    static JsonObject workers(List<DataPlane.WorkerStatus> workers) {
        JsonArray list = new JsonArray();
        for (DataPlane.WorkerStatus worker : workers) {
            JsonObject json = new JsonObject();
            json.addProperty("id", worker.id());
            json.addProperty("pid", worker.pid());
            json.addProperty("state", worker.state());
            json.addProperty("connections", worker.connections());
            json.addProperty("inflight", worker.inflight());
            json.addProperty("invocations", worker.invocations());
            json.addProperty("residentBytes", worker.residentBytes());
            json.addProperty("started", instant(worker.startedEpochMillis()));
            list.add(json);
        }
        return list("workers", list);
    }

    static JsonObject tools(List<Inspection.Tool> tools) {
        JsonArray list = new JsonArray();
        for (Inspection.Tool tool : tools) {
            JsonObject json = new JsonObject();
            json.addProperty("name", tool.name());
            json.addProperty("purpose", tool.purpose());
            json.addProperty("state", tool.state());
            json.addProperty("detail", tool.detail());
            json.addProperty("cure", tool.cure());
            list.add(json);
        }
        return list("tools", list);
    }

    static JsonObject languages(List<Inspection.LanguageStatus> languages) {
        JsonArray list = new JsonArray();
        for (Inspection.LanguageStatus language : languages) {
            JsonObject json = new JsonObject();
            json.addProperty("lang", language.language().label());
            json.addProperty("state", language.state());
            json.addProperty("detail", language.detail());
            list.add(json);
        }
        return list("languages", list);
    }

    private static JsonObject list(String name, JsonArray elements) {
        JsonObject json = ok();
        json.add(name, elements);
        return json;
    }

    static JsonArray texts(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    /// A second far outside of the calendar, which a hand may write, must not break the answer.
    private static String updated(long epochSeconds) {
        boolean sane = epochSeconds >= 0 && epochSeconds <= Instant.MAX.getEpochSecond();
        return sane ? Instant.ofEpochSecond(epochSeconds).toString() : Long.toString(epochSeconds);
    }

    private static String instant(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).toString();
    }
}
