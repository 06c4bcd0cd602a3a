package baton.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// What the admin API answered.
///
/// @param status the status code
/// @param headers by name in lower case
/// @param body all of it
public record HttpAnswer(int status, Map<String, String> headers, byte[] body) {
    public HttpAnswer {
        headers = Map.copyOf(headers);
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /// The body as a JSON object; an empty object when it is not one.
    public JsonObject json() {
        try {
            JsonElement element = JsonParser.parseString(text());
            return element.isJsonObject() ? element.getAsJsonObject() : new JsonObject();
        } catch (JsonParseException e) {
            return new JsonObject();
        }
    }

    /// This answer, if the platform did what was asked.
    ///
    /// @throws CommandException with the platform's own sentence otherwise
    HttpAnswer orFail() {
        if (isSuccess()) {
            return this;
        }
        JsonObject json = json();
        String sentence = json.has("error") ? JsonView.text(json.get("error")) : "";
        if (sentence.isEmpty()) {
            sentence = "the platform answered " + status + " without a reason";
        } else if (status == 401) {
            sentence += " (give the platform's token with --token or BATON_TOKEN)";
        }
        JsonElement detail = json.has("detail") ? json.get("detail") : JsonNull.INSTANCE;
        throw CommandException.failedWith(sentence, JsonView.text(detail));
    }
}
