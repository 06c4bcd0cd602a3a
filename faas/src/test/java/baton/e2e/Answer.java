package baton.e2e;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// A response as it came over the wire.
///
/// @param fields values by the name in lower case, in the order of their arrival
record Answer(int status, String version, Map<String, List<String>> fields, byte[] body) {
    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /// The body, which must be a JSON object.
    JsonObject json() {
        return JsonParser.parseString(text()).getAsJsonObject();
    }

    /// The only value of a field.
    String field(String lowerCaseName) {
        List<String> values = fields.getOrDefault(lowerCaseName, List.of());
        if (values.size() != 1) {
            throw new AssertionError(lowerCaseName + " is there " + values.size() + " times in " + this);
        }
        return values.getFirst();
    }

    boolean has(String lowerCaseName) {
        return fields.containsKey(lowerCaseName);
    }

    /// `X-Baton-Error`, or an empty string when there is none.
    String errorCode() {
        return has("x-baton-error") ? field("x-baton-error") : "";
    }

    /// The pid in `X-Baton-Worker`.
    long workerPid() {
        String worker = field("x-baton-worker");
        return Long.parseLong(worker.substring(worker.lastIndexOf(':') + 1));
    }

    @Override
    public String toString() {
        String shown = body.length > 600 ? text().substring(0, 300) + "… (" + body.length + " bytes)" : text();
        return "HTTP/" + version + " " + status + " " + fields + "\n" + shown;
    }
}
