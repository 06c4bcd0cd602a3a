package baton.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPolicyTest {
    private static final AccessPolicy LOCAL = new AccessPolicy(Set.of("Faas.Example"), Optional.empty(), true);
    private static final AccessPolicy REMOTE = new AccessPolicy(Set.of("faas.example"), Optional.of("sesame"), false);

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "::1", "[::1]", "faas.example"})
    void knowsItsOwnNames(String host) {
        assertThatCode(() -> check(LOCAL, "/functions", host, true)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.2", "[::1"})
    void refusesAForeignHost(String host) {
        assertThat(refusal(LOCAL, "/functions", host, true).status()).isEqualTo(403);
        assertThat(refusal(LOCAL, "/healthz", host, true).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8081", "https://localhost:8081", "HTTP://LOCALHOST:8081"})
    void letsItsOwnPagesIn(String origin) {
        assertThatCode(() -> check(LOCAL, "/x", "localhost", true, "host", "localhost:8081", "origin", origin))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "http://evil.example",
                "http://localhost:3000",
                "http://localhost",
                "http://localhost:80810"
            })
    void refusesAForeignOrigin(String origin) {
        assertThat(refusal(LOCAL, "/x", "localhost", true, "host", "localhost:8081", "origin", origin)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void refusesAPageOfAnotherSite() {
        assertThat(refusal(LOCAL, "/x", "localhost", true, "sec-fetch-site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThatCode(() -> check(LOCAL, "/x", "localhost", true, "sec-fetch-site", "same-origin"))
                .doesNotThrowAnyException();
    }

    @Test
    void needsNoTokenOnLoopback() {
        AccessPolicy withToken = new AccessPolicy(Set.of(), Optional.of("sesame"), true);

        assertThatCode(() -> check(withToken, "/x", "localhost", true)).doesNotThrowAnyException();
    }

    @Test
    void needsTheTokenBeyondLoopback() {
        assertThat(refusal(REMOTE, "/x", "faas.example", false).status()).isEqualTo(401);
        assertThat(refusal(REMOTE, "/x", "localhost", true).status()).isEqualTo(401);
        assertThatCode(() -> check(REMOTE, "/x", "faas.example", false, "authorization", "Bearer sesame"))
                .doesNotThrowAnyException();
        assertThatCode(() -> check(REMOTE, "/x", "faas.example", false, "authorization", "bearer  sesame"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sesame", "Bearer", "Bearer ", "Bearer sesam", "Bearer sesamee", "Basic sesame"})
    void refusesAWrongToken(String authorization) {
        assertThat(refusal(REMOTE, "/x", "faas.example", false, "authorization", authorization)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void refusesEverybodyBeyondLoopbackWithoutAToken() {
        AccessPolicy open = new AccessPolicy(Set.of("faas.example"), Optional.empty(), false);

        Refusal refusal = refusal(open, "/x", "faas.example", false, "authorization", "Bearer ");

        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal.sentence()).contains("has no token");
        assertThat(refusal(LOCAL, "/x", "localhost", false).status()).isEqualTo(403);
    }

    @Test
    void letsProbesInWithoutAToken() {
        assertThatCode(() -> check(REMOTE, "/readyz", "faas.example", false)).doesNotThrowAnyException();
    }

    @Test
    void keepsTheTokenOutOfItsText() {
        assertThat(REMOTE.toString()).doesNotContain("sesame");
    }

    private static void check(AccessPolicy policy, String path, String host, boolean loopback, String... headers)
            throws Refusal {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            fields.put(headers[i], headers[i + 1]);
        }
        policy.check(path, host, name -> Optional.ofNullable(fields.get(name)), loopback);
    }

    private static Refusal refusal(AccessPolicy policy, String path, String host, boolean loopback, String... headers) {
        return catchThrowableOfType(Refusal.class, () -> check(policy, path, host, loopback, headers));
    }
}
