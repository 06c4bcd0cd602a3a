package baton.admin;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// One request to the control plane. Its body is still on the way until it is asked for.
///
/// @param method as sent; `HEAD` is handled as `GET`
/// @param path of the target, still percent-encoded
/// @param headers first value of each header field, by its name in lower case
/// @param body where the body comes from
record ControlRequest(String method, String path, QueryParameters query, Map<String, String> headers, BodySource body) {
    /// Where a request's body comes from.
    @FunctionalInterface
    interface BodySource {
        /// Reads the whole body. The client that waits for `100 Continue` gets it now.
        ///
        /// @param limit bytes that it may have; more are refused with 413
        byte[] read(int limit, String limitName) throws IOException, Refusal;
    }

    Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }
}
