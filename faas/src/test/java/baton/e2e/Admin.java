package baton.e2e;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// The admin API of a platform, with a connection for each request.
///
/// @param port that it listens on
record Admin(int port) {
    Answer get(String path) throws IOException {
        return send("GET", path, new byte[0]);
    }

    Answer delete(String path) throws IOException {
        return send("DELETE", path, new byte[0]);
    }

    /// @param parameters further ones of the query, such as `timeout=1s`; values are encoded here
    Answer deploy(String name, String lang, byte[] source, String... parameters) throws IOException {
        return send("POST", target(name, lang, parameters), source);
    }

    Answer replace(String name, String lang, byte[] source, String... parameters) throws IOException {
        return send("PUT", target(name, lang, parameters), source);
    }

    private static String target(String name, String lang, String... parameters) {
        StringBuilder target = new StringBuilder("/deploy?name=").append(encode(name));
        target.append("&lang=").append(encode(lang));
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            target.append('&').append(parameter, 0, equals + 1).append(encode(parameter.substring(equals + 1)));
        }
        return target.toString();
    }

    Answer invoke(String nameOrId, String payload) throws IOException {
        return send("POST", "/invoke?fn=" + encode(nameOrId), payload.getBytes(StandardCharsets.UTF_8));
    }

    Answer send(String method, String target, byte[] body) throws IOException {
        return send(method, target, body, "Host: localhost:" + port);
    }

    /// @param fields of the head, `Host` among them
    Answer send(String method, String target, byte[] body, String... fields) throws IOException {
        try (RawConnection connection = RawConnection.open(port)) {
            connection.send(method + " " + target + " HTTP/1.1\r\n" + String.join("\r\n", fields)
                    + "\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n");
            connection.send(body);
            return method.equals("HEAD") ? connection.readHead() : connection.read();
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
