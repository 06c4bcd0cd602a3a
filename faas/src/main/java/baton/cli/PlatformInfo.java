package baton.cli;

import com.google.gson.JsonObject;

/// What a running platform says about itself.
///
/// @param version of the program
/// @param httpUrl where its functions answer, without a slash at the end
/// @param json all that it said
public record PlatformInfo(String version, String httpUrl, JsonObject json) {
    private static final String DEFAULT_HTTP_URL = "http://127.0.0.1:8080";

    /// Asks `GET /version`.
    public static PlatformInfo of(AdminClient client) {
        JsonObject json = client.get("/version").json();
        String http = JsonView.text(json, "http");
        return new PlatformInfo(JsonView.text(json, "version"), http.isEmpty() ? DEFAULT_HTTP_URL : http, json);
    }
}
