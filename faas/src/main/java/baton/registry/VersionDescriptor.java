package baton.registry;

import baton.function.FunctionLimits;
import baton.function.FunctionVersion;
import baton.function.Isolation;
import baton.function.Language;
import baton.function.VersionId;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// The JSON form of a version: the same in the registry's row and in `metadata.json`, so that either can be
/// restored from the other.
final class VersionDescriptor {
    private VersionDescriptor() {}

    static String write(StoredVersion stored) {
        FunctionVersion version = stored.version();
        FunctionLimits limits = version.limits();
        JsonObject json = new JsonObject();
        json.addProperty("id", version.id().toString());
        json.addProperty("name", version.name().value());
        json.addProperty("lang", version.language().label());
        json.addProperty("file", stored.fileName());
        json.addProperty("created", stored.createdEpochMillis());
        json.addProperty("wasm", stored.wasm());
        json.addProperty("sha256", version.artifactSha256());
        json.addProperty("source_bytes", stored.sourceBytes());
        json.addProperty("compatibility", stored.compatibility());
        json.addProperty("isolation", version.isolation().label());
        json.addProperty("instances", version.instances());
        json.addProperty("memory_bytes", limits.memoryBytes());
        json.addProperty("timeout_nanos", limits.timeout().toNanos());
        json.addProperty("output_bytes", limits.outputBytes());
        json.addProperty("body_bytes", limits.bodyBytes());
        json.addProperty("concurrency", limits.concurrency());
        JsonObject environment = new JsonObject();
        new TreeMap<>(version.environment()).forEach(environment::addProperty);
        json.add("env", environment);
        return json.toString();
    }

    /// Reads what [#write] wrote.
    ///
    /// @throws IllegalArgumentException when the text is no descriptor; the message names what is wrong
    static StoredVersion read(String text, boolean live) {
        try {
            return read(JsonParser.parseString(text).getAsJsonObject(), live);
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            throw new IllegalArgumentException("the descriptor is not valid JSON: " + e.getMessage(), e);
        }
    }

    private static StoredVersion read(JsonObject json, boolean live) {
        String label = text(json, "lang");
        Language language = Language.ofLabel(label)
                .orElseThrow(() -> new IllegalArgumentException("the language '" + label + "' is unknown"));
        FunctionLimits limits = new FunctionLimits(
                number(json, "memory_bytes"),
                Duration.ofNanos(number(json, "timeout_nanos")),
                number(json, "output_bytes"),
                number(json, "body_bytes"),
                Math.toIntExact(number(json, "concurrency")));
        FunctionVersion version = new FunctionVersion(
                VersionId.parse(text(json, "id")),
                language,
                limits,
                environment(json),
                Isolation.ofLabel(text(json, "isolation")),
                Math.toIntExact(number(json, "instances")),
                text(json, "sha256"));
        return new StoredVersion(
                version,
                text(json, "file"),
                member(json, "wasm").getAsBoolean(),
                number(json, "source_bytes"),
                text(json, "compatibility"),
                number(json, "created"),
                live);
    }

    private static Map<String, String> environment(JsonObject json) {
        Map<String, String> environment = new TreeMap<>();
        member(json, "env")
                .getAsJsonObject()
                .entrySet()
                .forEach(e -> environment.put(e.getKey(), e.getValue().getAsString()));
        return environment;
    }

    private static String text(JsonObject json, String key) {
        return member(json, key).getAsString();
    }

    private static long number(JsonObject json, String key) {
        return member(json, key).getAsLong();
    }

    private static JsonElement member(JsonObject json, String key) {
        JsonElement element = json.get(key);
        if (element == null) {
            throw new IllegalArgumentException("the descriptor has no '" + key + "'");
        }
        return element;
    }
}
