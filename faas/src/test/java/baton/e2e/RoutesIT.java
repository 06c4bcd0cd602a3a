package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The table of routes as an administrator edits it, with the `sqlite3` program beside the running platform.
class RoutesIT {
    /// The contract's time for an edit to take effect.
    private static final Duration EFFECT = Duration.ofSeconds(5);

    private static PlatformProcess platform;

    @BeforeAll
    static void start() throws IOException {
        platform = PlatformProcess.start();
        assertThat(platform.admin().deploy("one", "html", Fixtures.utf8("one")).status())
                .isEqualTo(201);
        assertThat(platform.admin().deploy("two", "html", Fixtures.utf8("two")).status())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static String sql(String statement) throws IOException, InterruptedException {
        Process sqlite = new ProcessBuilder(
                        "sqlite3",
                        "-cmd",
                        ".timeout 5000",
                        platform.data().resolve("baton.db").toString(),
                        statement)
                .redirectErrorStream(true)
                .start();
        String output = new String(sqlite.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(sqlite.waitFor()).as("%s: %s", statement, output).isZero();
        return output;
    }

    private static void insert(String key, String value) throws IOException, InterruptedException {
        sql("INSERT INTO functions(k, v, updated) VALUES('" + key + "', '" + value + "', 0)");
    }

    private static void awaitBody(String path, String body) {
        Await.untilAsserted(EFFECT, () -> assertThat(platform.get(path).text()).isEqualTo(body));
    }

    private static JsonObject route(String key) throws IOException {
        for (JsonElement route : platform.admin().get("/routes").json().getAsJsonArray("routes")) {
            if (route.getAsJsonObject().get("key").getAsString().equals(key)) {
                return route.getAsJsonObject();
            }
        }
        throw new AssertionError("no route " + key);
    }

    @Test
    void takesEffectWithinFiveSecondsOnOpenConnectionsToo() throws IOException, InterruptedException {
        assertThat(platform.get("/edited").status()).isEqualTo(404);
        try (RawConnection open = platform.connect()) {
            assertThat(open.get("/edited").read().status()).isEqualTo(404);
            insert("GET:/edited", "{\"function\":\"one\"}");
            awaitBody("/edited", "one");
            // The other worker, which this connection may be on, follows a moment later.
            Await.untilAsserted(
                    EFFECT, () -> assertThat(open.get("/edited").read().text()).isEqualTo("one"));

            sql("UPDATE functions SET v='{\"function\":\"two\"}' WHERE k='GET:/edited'");
            awaitBody("/edited", "two");
            Await.untilAsserted(
                    EFFECT, () -> assertThat(open.get("/edited").read().text()).isEqualTo("two"));

            sql("DELETE FROM functions WHERE k='GET:/edited'");
            Await.untilAsserted(
                    EFFECT, () -> assertThat(platform.get("/edited").status()).isEqualTo(404));
            Await.untilAsserted(
                    EFFECT,
                    () -> assertThat(open.get("/edited").read().errorCode()).isEqualTo("NO_FUNCTION"));
        }
    }

    @Test
    void keepsTheLastGoodRowInForceWhereOneIsNotValid() throws IOException, InterruptedException {
        insert("GET:/kept", "{\"function\":\"one\"}");
        awaitBody("/kept", "one");
        for (String bad : new String[] {"{not json", "{\"function\":\"nobody\"}", "[]", ""}) {
            sql("UPDATE functions SET v='" + bad + "' WHERE k='GET:/kept'");
            Await.untilAsserted(EFFECT, () -> {
                assertThat(route("GET:/kept").get("state").getAsString()).isEqualTo("invalid");
                assertThat(route("GET:/kept").get("value").getAsString()).isEqualTo(bad);
            });
            assertThat(route("GET:/kept").get("function").getAsString()).isEqualTo("one");
            assertThat(route("GET:/kept").get("error").getAsString()).isNotEmpty();
            assertThat(platform.get("/kept").text()).isEqualTo("one");
        }
        assertThat(platform.output()).contains("registry_row_invalid");

        sql("UPDATE functions SET v='{\"function\":\"two\"}' WHERE k='GET:/kept'");
        awaitBody("/kept", "two");
        assertThat(route("GET:/kept").get("state").getAsString()).isEqualTo("valid");
        assertThat(route("GET:/kept").has("error")).isFalse();
    }

    @Test
    void leavesOutARowThatWasNeverValid() throws IOException, InterruptedException {
        insert("no colon", "{\"function\":\"one\"}");
        Await.untilAsserted(
                EFFECT,
                () -> assertThat(route("no colon").get("state").getAsString()).isEqualTo("invalid"));
        assertThat(route("no colon").get("function").getAsString()).isEmpty();
        assertThat(platform.get("/function/one").text()).isEqualTo("one");
        sql("DELETE FROM functions WHERE k='no colon'");
    }

    @Test
    void servesWhileAnEditorHoldsTheDatabase() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                "sqlite3", platform.data().resolve("baton.db").toString());
        Process editor = builder.redirectErrorStream(true).start();
        try (var statements = editor.outputWriter();
                var output = editor.inputReader()) {
            statements.write("BEGIN IMMEDIATE; SELECT 'held';\n");
            statements.flush();
            assertThat(output.readLine()).isEqualTo("held");
            for (int i = 0; i < 100; i++) {
                assertThat(platform.get("/function/one").text()).isEqualTo("one");
            }
            statements.write("ROLLBACK;\n.quit\n");
            statements.flush();
        }
        assertThat(editor.waitFor()).isZero();
        assertThat(platform.admin()
                        .deploy("after", "html", Fixtures.utf8("after"))
                        .status())
                .isEqualTo(201);
    }
}
