package baton.admin;

import baton.metrics.Prometheus;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// An answer of the control plane.
sealed interface Reply {
    int status();

    /// An answer that is known in full.
    ///
    /// @param headers further header fields
    record Whole(int status, String contentType, byte[] body, Map<String, String> headers) implements Reply {}

    /// An answer with status 200 that is written piece by piece for as long as the client wants it.
    record Stream(String contentType, Source source) implements Reply {
        @Override
        public int status() {
            return 200;
        }
    }

    /// Waits until something may have changed, and tells whether the client is still there.
    @FunctionalInterface
    interface Pause {
        boolean pause(int millis) throws IOException;
    }

    /// What writes a stream.
    @FunctionalInterface
    interface Source {
        void writeTo(Sink sink) throws IOException;
    }

    /// Where a stream goes.
    interface Sink extends Pause {
        void write(byte[] bytes, int from, int to) throws IOException;
    }

    static Reply json(int status, JsonObject json) {
        return json(status, json, Map.of());
    }

    static Whole json(int status, JsonObject json, Map<String, String> headers) {
        byte[] body = (json + "\n").getBytes(StandardCharsets.UTF_8);
        return new Whole(status, "application/json", body, headers);
    }

    static Reply bytes(String contentType, byte[] body) {
        return new Whole(200, contentType, body, Map.of());
    }

    static Reply prometheus(String text) {
        return bytes(Prometheus.CONTENT_TYPE, text.getBytes(StandardCharsets.UTF_8));
    }

    /// The answer to a request that was refused, with the header field that its status asks for. A tool that
    /// is missing is not there on the next try either, so that one carries no `Retry-After`.
    static Whole refusal(Refusal refusal) {
        JsonObject json = new JsonObject();
        json.addProperty("ok", false);
        json.addProperty("error", refusal.sentence());
        if (!refusal.detail().isEmpty()) {
            json.addProperty("detail", refusal.detail());
        }
        json.addProperty("code", refusal.code());
        return json(
                refusal.status(),
                json,
                switch (refusal.status()) {
                    case 401 -> Map.of("WWW-Authenticate", "Bearer");
                    case 405 -> Map.of("Allow", refusal.detail());
                    case 429, 503 -> toolMissing(refusal) ? Map.of() : Map.of("Retry-After", "1");
                    default -> Map.of();
                });
    }

    private static boolean toolMissing(Refusal refusal) {
        return refusal.code().equals(Refusal.TOOL_MISSING);
    }
}
