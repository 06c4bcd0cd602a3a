package baton.admin;

import baton.function.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Who may use the control plane through one of its doors.
///
/// A page in a browser must not reach it: neither through a host name that its owner points to a loopback
/// address (so `Host` must be one that we go by), nor by a request to us from a foreign page (so `Origin`
/// must be ours). Clients beyond this machine need the token.
///
/// @param hosts names and addresses that the platform goes by, beside the loopback ones; in lower case
/// @param token the secret, or empty when there is none
/// @param loopbackOnly whether the door listens on a loopback address
public record AccessPolicy(Set<String> hosts, Optional<String> token, boolean loopbackOnly) {
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");
    private static final String BEARER = "bearer ";
    private static final Set<String> OPEN_PATHS = Set.of("/healthz", "/readyz");

    public AccessPolicy {
        Set<String> all = new HashSet<>(LOOPBACK);
        hosts.forEach(host -> all.add(host.toLowerCase(Locale.ROOT)));
        hosts = Set.copyOf(all);
    }

    @Override
    public String toString() {
        return "AccessPolicy[hosts=" + hosts + ", token=" + (token.isPresent() ? "set" : "none") + ", loopbackOnly="
                + loopbackOnly + "]";
    }

    /// Refuses what may not come in.
    ///
    /// @param path probes for liveness and readiness need no token
    /// @param host that the request names, without a port
    /// @param header the value of a header field by its name in lower case
    /// @param clientOnLoopback whether the client is on this machine
    void check(String path, String host, Function<String, Optional<String>> header, boolean clientOnLoopback)
            throws Refusal {
        if (!hosts.contains(withoutBrackets(host.toLowerCase(Locale.ROOT)))) {
            throw new Refusal(
                    ErrorCode.FORBIDDEN,
                    "the Host '" + host + "' is not one of this platform: use localhost, or name it in admin-hosts");
        }
        String authority = header.apply("host").orElse("").toLowerCase(Locale.ROOT);
        Optional<String> origin = header.apply("origin");
        if (origin.isPresent() && !sameOrigin(origin.get().toLowerCase(Locale.ROOT), authority)) {
            throw new Refusal(
                    ErrorCode.FORBIDDEN, "the Origin '" + origin.get() + "' is foreign: pages elsewhere may not call");
        }
        if (header.apply("sec-fetch-site")
                .filter("cross-site"::equalsIgnoreCase)
                .isPresent()) {
            throw new Refusal(ErrorCode.FORBIDDEN, "a page of another site may not call the control plane");
        }
        if ((!clientOnLoopback || !loopbackOnly) && !OPEN_PATHS.contains(path)) {
            checkToken(header.apply("authorization"));
        }
    }

    private void checkToken(Optional<String> authorization) throws Refusal {
        if (token.isEmpty()) {
            throw new Refusal(
                    ErrorCode.FORBIDDEN,
                    "the platform listens beyond this machine and has no token: configure one, or use loopback");
        }
        String given = authorization
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()).strip())
                .orElse("");
        // Constant time, so that the time of an answer tells nothing about the token.
        byte[] expected = token.get().getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected)) {
            throw new Refusal(
                    ErrorCode.UNAUTHORIZED, "the token is missing or wrong: send Authorization: Bearer TOKEN");
        }
    }

    private static boolean sameOrigin(String origin, String authority) {
        return origin.equals("http://" + authority) || origin.equals("https://" + authority);
    }

    /// `[::1]` to `::1`.
    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
