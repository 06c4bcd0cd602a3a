package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The control plane: its own port, its two paths on the public one, and what a change means for connections
/// that are open already.
class AdminIT {
    private static PlatformProcess platform;

    @BeforeAll
    static void start() throws IOException {
        platform = PlatformProcess.start().withCompiler();
        platform.deploy("hello", "c", "hello.c");
        platform.deploy("acts", "c", "acts.c");
        platform.deploy("hasty", "js", "acts.js", "timeout=300ms");
        platform.deploy("echo", "c", "echo.c", "memory=8Mi", "timeout=1500ms", "env=SECRET=hidden", "route=GET:/e");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static byte[] page(String text) {
        return Fixtures.utf8("<!doctype html>\n<title>" + text + "</title>\n");
    }

    @Test
    void answersADeployWithIdNameAndLanguage() throws IOException {
        Answer answer = platform.admin().deploy("fresh", "c", Fixtures.bytes("hello.c"));
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.field("location")).isEqualTo("/functions/fresh");
        assertThat(answer.text())
                .matches("\\{\"ok\":true,\"id\":\"fresh_\\d{10}\",\"name\":\"fresh\",\"lang\":\"c\",\"wasm\":true}\n");
        assertThat(platform.get("/function/fresh").text()).isEqualTo("Hello from FAAS!\n");
    }

    @Test
    void invokesByNameAndById() throws IOException {
        String id = platform.admin().get("/functions/hello").json().get("id").getAsString();
        for (String which : new String[] {"hello", id}) {
            Answer answer = platform.admin().invoke(which, "");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("{\"ok\":true,\"output\":\"Hello from FAAS!\\n\"}\n");
        }
        assertThat(platform.admin()
                        .invoke("echo", "the payload")
                        .json()
                        .get("output")
                        .getAsString())
                .contains("REQUEST_METHOD=POST\n", "CONTENT_LENGTH=11\n")
                .endsWith("\n\nthe payload");

        Answer missing = platform.admin().invoke("nobody", "");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.text())
                .isEqualTo("{\"ok\":false,\"error\":\"there is no function 'nobody'\",\"code\":\"NO_FUNCTION\"}\n");
    }

    @Test
    void invokesWhatRunsIntoItsTimeout() throws IOException {
        platform.deploy("looping", "js", "looping.js", "timeout=300ms");
        Answer answer = platform.admin().invoke("looping", "");
        assertThat(answer.status()).isEqualTo(504);
        JsonObject json = answer.json();
        assertThat(json.get("ok").getAsBoolean()).isFalse();
        assertThat(json.get("code").getAsString()).isEqualTo("TIMEOUT");
        assertThat(json.get("error").getAsString())
                .isEqualTo("function looping ran longer than its timeout of 300 ms; deploy it with a larger --timeout");
        assertThat(platform.admin().invoke("hasty", "").status()).isEqualTo(200);
    }

    @Test
    void givesTheSourceAsDeployedAndNeverAsHtml() throws IOException {
        Answer source = platform.admin().get("/function/hello");
        assertThat(source.body()).isEqualTo(Fixtures.bytes("hello.c"));
        assertThat(source.field("content-type")).isEqualTo("text/plain; charset=utf-8");
        platform.deploy("a-page", "html", "hello.html");
        assertThat(platform.admin().get("/function/a-page").field("content-type"))
                .isEqualTo("text/plain; charset=utf-8");
    }

    @Test
    void listsAndDescribes() throws IOException {
        JsonObject echo = platform.admin().get("/functions/echo").json();
        assertThat(echo.getAsJsonObject("limits").get("memoryBytes").getAsLong())
                .isEqualTo(8 << 20);
        assertThat(echo.getAsJsonObject("limits").get("timeoutMillis").getAsLong())
                .isEqualTo(1500);
        assertThat(echo.getAsJsonArray("routes").toString()).isEqualTo("[\"GET:/e\"]");
        assertThat(echo.toString()).contains("SECRET").doesNotContain("hidden");
        assertThat(echo.getAsJsonArray("versions")).hasSize(1);
        assertThat(platform.admin().get("/functions").text())
                .contains("\"name\":\"hello\"", "\"name\":\"acts\"", "\"name\":\"echo\"");
        assertThat(platform.admin().get("/functions/nobody").status()).isEqualTo(404);

        JsonObject worker = platform.admin()
                .get("/workers")
                .json()
                .getAsJsonArray("workers")
                .get(0)
                .getAsJsonObject();
        assertThat(worker.keySet()).contains("id", "pid", "state", "connections", "inflight", "invocations");
        assertThat(worker.get("id").getAsString()).isEqualTo("shared/0");
        assertThat(worker.get("state").getAsString()).isEqualTo("ready");

        platform.get("/function/hello");
        Await.untilAsserted(
                java.time.Duration.ofSeconds(5),
                () -> assertThat(platform.admin().get("/metrics").text())
                        .contains(
                                "faas_invocations_total{faas_name=\"hello\"", "faas_invoke_duration_seconds_bucket{"));
        assertThat(platform.admin().get("/healthz").status()).isEqualTo(200);
        assertThat(platform.admin().get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void putsANewVersionLiveForTheVeryNextRequest() throws IOException {
        assertThat(platform.admin().deploy("page", "html", page("0")).status()).isEqualTo(201);
        try (RawConnection one = platform.connect();
                RawConnection two = platform.connect()) {
            String before = "";
            for (int version = 0; version < 5; version++) {
                for (RawConnection connection : new RawConnection[] {one, two}) {
                    Answer answer = connection.get("/function/page").read();
                    assertThat(answer.body()).isEqualTo(page(Integer.toString(version)));
                    assertThat(answer.field("x-baton-version")).isNotEqualTo(before);
                }
                before = one.get("/function/page").read().field("x-baton-version");
                Answer replaced = platform.admin().replace("page", "html", page(Integer.toString(version + 1)));
                assertThat(replaced.status()).isEqualTo(200);
                assertThat(replaced.json().get("id").getAsString()).isNotEqualTo(before);
            }
            assertThat(platform.admin().get("/functions/page").json().getAsJsonArray("versions"))
                    .hasSize(3);
            Answer again = platform.admin().deploy("page", "html", page("x"));
            assertThat(again.status()).isEqualTo(409);
            assertThat(again.json().get("code").getAsString()).isEqualTo("NAME_TAKEN");
            assertThat(one.get("/function/page").read().body()).isEqualTo(page("5"));

            assertThat(platform.admin().delete("/functions/page").status()).isEqualTo(200);
            assertThat(one.get("/function/page").read().errorCode()).isEqualTo("NO_FUNCTION");
            assertThat(two.get("/function/page").read().errorCode()).isEqualTo("NO_FUNCTION");
            assertThat(platform.admin().delete("/functions/page").status()).isEqualTo(404);
        }
    }

    @Test
    void movesAConnectionBetweenControlPlaneAndWorkers() throws IOException {
        byte[] source = Fixtures.bytes("hello.c");
        try (RawConnection connection = platform.connect()) {
            connection.send("POST /deploy?name=mover&lang=c HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                    + source.length + "\r\n\r\n");
            assertThat(connection.send(source).read().status()).isEqualTo(201);
            assertThat(connection.get("/function/mover").read().text()).isEqualTo("Hello from FAAS!\n");
            for (int round = 0; round < 3; round++) {
                assertThat(connection.post("/invoke?fn=mover", "").read().text())
                        .isEqualTo("{\"ok\":true,\"output\":\"Hello from FAAS!\\n\"}\n");
                assertThat(connection.get("/function/mover").read().text()).isEqualTo("Hello from FAAS!\n");
                assertThat(connection.get("/function/acts?argv").read().text()).isEqualTo("1 acts\n");
            }
            // All in one write: every request finds its place, in order.
            connection.send("GET /function/mover HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + "POST /invoke?fn=mover HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi"
                    + "GET /function/acts?argv HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + "POST /invoke?fn=nobody HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
                    + "GET /function/mover HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(connection.read().text()).isEqualTo("Hello from FAAS!\n");
            assertThat(connection.read().json().get("ok").getAsBoolean()).isTrue();
            assertThat(connection.read().text()).isEqualTo("1 acts\n");
            assertThat(connection.read().status()).isEqualTo(404);
            assertThat(connection.read().text()).isEqualTo("Hello from FAAS!\n");
        }
    }

    @Test
    void givesThePublicPortNothingElseOfTheApi() throws IOException {
        for (String path : new String[] {"/functions", "/workers", "/metrics", "/routes", "/deploy", "/invoke"}) {
            assertThat(platform.get(path).errorCode()).as(path).isEqualTo("NO_FUNCTION");
        }
    }

    @Test
    void answersNoForeignPage() throws IOException {
        int port = platform.adminPort();
        String own = "Host: localhost:" + port;
        assertForbidden("Host 'evil.example' is not one", "Host: evil.example:" + port);
        assertForbidden("Origin 'http://evil.example' is foreign", own, "Origin: http://evil.example");
        assertForbidden("Origin 'null' is foreign", own, "Origin: null");
        assertForbidden("a page of another site", own, "Sec-Fetch-Site: cross-site");
        for (String host : new String[] {"localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port}) {
            assertThat(platform.admin()
                            .send("GET", "/functions", new byte[0], "Host: " + host, "Origin: http://" + host)
                            .status())
                    .isEqualTo(200);
        }
    }

    private static void assertForbidden(String sentence, String... fields) throws IOException {
        for (int port : new int[] {platform.adminPort(), platform.http()}) {
            Answer answer =
                    new Admin(port).send("POST", "/deploy?name=evil&lang=html", Fixtures.utf8("<p>evil"), fields);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.json().get("code").getAsString()).isEqualTo("FORBIDDEN");
            assertThat(answer.json().get("error").getAsString()).contains(sentence);
        }
        assertThat(platform.get("/function/evil").status()).isEqualTo(404);
    }

    @Test
    void saysWhatPathsAndMethodsThereAre() throws IOException {
        Answer patch = platform.admin().send("PATCH", "/functions", new byte[0]);
        assertThat(patch.status()).isEqualTo(405);
        assertThat(patch.field("allow")).isEqualTo("GET, HEAD");
        Answer nothing = platform.admin().get("/nothing");
        assertThat(nothing.status()).isEqualTo(404);
        assertThat(nothing.json().get("error").getAsString()).isEqualTo("there is no /nothing in the admin API");
    }
}
