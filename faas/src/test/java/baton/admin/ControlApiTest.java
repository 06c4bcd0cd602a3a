package baton.admin;

import static org.assertj.core.api.Assertions.assertThat;

import baton.build.BuildException;
import baton.metrics.FunctionCounters;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlApiTest {
    private static final String SOURCE = "int main(void) { return 0; }\n";

    @TempDir
    Path data;

    @TempDir
    static Path cache;

    private Fixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = Fixture.open(data, cache);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void deploysAndSaysExactlyWhatTheContractSays() throws IOException {
        RawClient.Answer answer = fixture.request("POST", "/deploy?name=hello&lang=c", SOURCE);

        assertThat(answer.status()).isEqualTo(201);
        String id =
                fixture.deployments.catalog().live("hello").orElseThrow().id().toString();
        assertThat(id).matches("hello_[0-9]{10}");
        assertThat(answer.text())
                .isEqualTo("{\"ok\":true,\"id\":\"" + id + "\",\"name\":\"hello\",\"lang\":\"c\",\"wasm\":true}\n");
        assertThat(data.resolve("functions").resolve(id)).isDirectoryContaining("glob:**code.cwasm");
        assertThat(fixture.plane.published()).hasSize(1);
        assertThat(fixture.plane.published().getFirst().function("hello")).isPresent();
    }

    @Test
    void refusesANameThatIsTaken() throws IOException {
        deploy("hello");

        RawClient.Answer answer = fixture.request("POST", "/deploy?name=hello&lang=c", SOURCE);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().get("ok").getAsBoolean()).isFalse();
        assertThat(answer.json().get("code").getAsString()).isEqualTo("NAME_TAKEN");
        assertThat(answer.json().get("error").getAsString()).contains("'hello' is taken");
    }

    @Test
    void replacesAVersionAtomically() throws IOException {
        deploy("hello");

        RawClient.Answer answer = fixture.request("PUT", "/deploy?name=hello", "second");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("lang").getAsString()).isEqualTo("c");
        assertThat(fixture.request("GET", "/function/hello", "").text()).isEqualTo("second");
        assertThat(fixture.plane.published().getLast().number())
                .isEqualTo(fixture.plane.published().getFirst().number() + 1);
    }

    @Test
    void refusesToReplaceWhatIsNotThere() throws IOException {
        assertThat(fixture.request("PUT", "/deploy?name=hello&lang=c", SOURCE).status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "lang=c|'name' is missing",
                "name=Bad_Name&lang=c|bad function name 'Bad_Name'",
                "name=hello|'lang' is missing: available are c, cpp, wasm, js, html",
                "name=hello&lang=cobol|unknown language 'cobol': known are c, cpp, rust, go",
                "name=hello&lang=php|cannot be deployed by this release: available now are c, cpp, wasm, js, html",
                "name=hello&lang=c&memroy=64Mi|unknown query parameter 'memroy'",
                "name=hello&lang=c&memory=lots|bad memory 'lots': expected a size",
                "name=hello&lang=c&memory=1Gi|memory must be 64Ki to 256Mi",
                "name=hello&lang=c&timeout=5|bad timeout '5': expected a time",
                "name=hello&lang=c&timeout=16m|timeout must be 1ms to 15m",
                "name=hello&lang=c&concurrency=0|concurrency must be 1 to 10000",
                "name=hello&lang=c&instances=65|expected 1 to 64",
                "name=hello&lang=c&isolation=none|use shared or dedicated",
                "name=hello&lang=c&route=GET|bad route 'GET'",
                "name=hello&lang=c&route=GET:/function/x|belongs to the platform",
                "name=hello&lang=c&env=novalue|bad env 'novalue'",
                "name=hello&lang=c&env=HTTP_HOST=x|HTTP_* are the request's header fields",
                "name=hello&lang=c&env=A=1&env=A=2|given twice",
                "name=hello&name=other&lang=c|given 2 times",
                "name=hello&lang=c&file=../x.c|bad file",
                "name=hello%zz&lang=c|bad percent-encoding",
            })
    void refusesABadDeployWithTheReason(String query, String reason) throws IOException {
        RawClient.Answer answer = fixture.request("POST", "/deploy?" + query, SOURCE);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("error").getAsString()).contains(reason);
        assertThat(fixture.deployments.catalog().versions()).isEmpty();
    }

    @Test
    void refusesASourceOverTheLimit() throws IOException {
        RawClient.Answer answer =
                fixture.request("POST", "/deploy?name=hello&lang=c", "x".repeat(DeployRequest.MAX_TEXT_BYTES + 1));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().get("error").getAsString()).contains("c source is larger than the 4194304 bytes");
    }

    @Test
    void refusesAnEmptySourceAndAnArchive() throws IOException {
        assertThat(fixture.request("POST", "/deploy?name=hello&lang=c", "").status())
                .isEqualTo(400);
        assertThat(fixture.request("POST", "/deploy?name=hello&lang=c", "PK\3\4...")
                        .text())
                .contains("archives cannot be deployed");
    }

    @Test
    void showsTheCompilersOwnMessage() throws IOException {
        RawClient.Answer answer = fixture.request("POST", "/deploy?name=hello&lang=c&file=my.c", "#error");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("detail").getAsString()).isEqualTo("my.c:1:2: error: it says so");
        assertThat(data.resolve("functions")).isEmptyDirectory();
        assertThat(deploy("hello").status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({"LIMIT,422,false", "TOOL,503,false", "BUSY,429,true", "PLATFORM,500,false"})
    void tellsWhoseFaultAFailedBuildIs(BuildException.Reason reason, int status, boolean again) throws IOException {
        fixture.builder.failWith(new BuildException(reason, "the sentence", "the detail"));

        RawClient.Answer answer = deploy("hello");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().get("error").getAsString()).isEqualTo("the sentence");
        assertThat(answer.headers().containsKey("retry-after")).isEqualTo(again);
        assertThat(data.resolve("functions")).isEmptyDirectory();
    }

    @Test
    void refusesARouteOfAnotherFunction() throws IOException {
        fixture.request("POST", "/deploy?name=first&lang=c&route=POST:/api/x", SOURCE);

        RawClient.Answer answer = fixture.request("POST", "/deploy?name=second&lang=c&route=POST+/api/x", SOURCE);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().get("error").getAsString()).contains("belongs to function 'first'");
    }

    @Test
    void invokesByNameAndById() throws IOException {
        String id = deploy("hello").json().get("id").getAsString();

        RawClient.Answer answer = fixture.request("POST", "/invoke?fn=hello", "Hello from FAAS!\n");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"ok\":true,\"output\":\"Hello from FAAS!\\n\"}\n");
        assertThat(fixture.request("POST", "/invoke?fn=" + id, "x").status()).isEqualTo(200);
        assertThat(fixture.request("POST", "/invoke?fn=nobody", "x").status()).isEqualTo(404);
    }

    @Test
    void passesTheErrorsOfAnInvocationOn() throws IOException {
        deploy("hello");

        RawClient.Answer exit = fixture.request("POST", "/invoke?fn=hello", "exit");
        RawClient.Answer loop = fixture.request("POST", "/invoke?fn=hello", "loop");
        RawClient.Answer own = fixture.request("POST", "/invoke?fn=hello", "teapot");

        assertThat(exit.status()).isEqualTo(502);
        assertThat(exit.text())
                .isEqualTo("{\"ok\":false,\"error\":\"hello exited with 3\",\"exit\":3,\"stderr\":\"oh no\\n\","
                        + "\"code\":\"EXIT_STATUS\"}\n");
        assertThat(loop.status()).isEqualTo(504);
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.json().get("status").getAsInt()).isEqualTo(418);
    }

    @Test
    void neverShowsASourceAsAPage() throws IOException {
        fixture.request("POST", "/deploy?name=page&lang=html", "<script>alert(1)</script>");

        RawClient.Answer answer = fixture.request("GET", "/function/page", "");

        assertThat(answer.text()).isEqualTo("<script>alert(1)</script>");
        assertThat(answer.headers()).containsEntry("content-type", "text/plain; charset=utf-8");
        assertThat(answer.headers()).containsEntry("x-content-type-options", "nosniff");
    }

    @Test
    void describesAFunctionWithoutTheValuesOfItsVariables() throws IOException {
        String query = "name=hello&lang=c&memory=1Mi&timeout=250ms&env=KEY=hush&route=GET:/h&instances=2";
        fixture.request("POST", "/deploy?" + query, SOURCE);
        FunctionCounters counters = new FunctionCounters();
        counters.failed(1_000_000);
        fixture.totals.report(
                "shared/0:1",
                fixture.deployments.catalog().live("hello").orElseThrow().id(),
                counters);

        RawClient.Answer answer = fixture.request("GET", "/functions/hello", "");

        JsonObject json = answer.json();
        assertThat(answer.text()).doesNotContain("hush");
        assertThat(json.getAsJsonObject("env").keySet()).containsExactly("KEY");
        assertThat(json.getAsJsonArray("routes").get(0).getAsString()).isEqualTo("GET:/h");
        assertThat(json.getAsJsonObject("limits").get("memoryBytes").getAsLong())
                .isEqualTo(1 << 20);
        assertThat(json.getAsJsonObject("limits").get("timeoutMillis").getAsLong())
                .isEqualTo(250);
        assertThat(json.getAsJsonObject("counters").get("errors").getAsLong()).isEqualTo(1);
        assertThat(json.getAsJsonArray("versions")).hasSize(1);
        assertThat(fixture.request("GET", "/functions/nobody", "").status()).isEqualTo(404);
    }

    @Test
    void listsAndRemoves() throws IOException {
        deploy("b");
        deploy("a");
        JsonArray functions = fixture.request("GET", "/functions", "").json().getAsJsonArray("functions");
        assertThat(functions)
                .extracting(f -> f.getAsJsonObject().get("name").getAsString())
                .containsExactly("a", "b");

        assertThat(fixture.request("DELETE", "/functions/a", "").status()).isEqualTo(200);

        assertThat(fixture.request("DELETE", "/functions/a", "").status()).isEqualTo(404);
        assertThat(fixture.request("GET", "/function/a", "").status()).isEqualTo(404);
        try (var directories = Files.list(data.resolve("functions"))) {
            assertThat(directories).hasSize(1);
        }
        assertThat(fixture.plane.published().getLast().live()).containsOnlyKeys("b");
    }

    @Test
    void showsWorkersAndDrainsThem() throws IOException {
        assertThat(fixture.request("GET", "/workers", "").text())
                .startsWith("{\"ok\":true,\"workers\":[{\"id\":\"shared/0\",\"pid\":4711,\"state\":\"ready\"");
        assertThat(fixture.request("POST", "/workers/shared/0/drain", "").status())
                .isEqualTo(202);
        assertThat(fixture.request("POST", "/workers/shared/9/drain", "").status())
                .isEqualTo(404);
        assertThat(fixture.plane.drained()).containsExactly("shared/0");
    }

    @Test
    void answersProbesMetricsAndQuestionsAboutItself() throws IOException {
        deploy("hello");
        assertThat(fixture.request("GET", "/healthz", "").text()).isEqualTo("{\"ok\":true}\n");
        assertThat(fixture.request("GET", "/readyz", "").status()).isEqualTo(200);
        assertThat(fixture.request("GET", "/version", "").json().get("http").getAsString())
                .endsWith(":8080");
        assertThat(fixture.request("GET", "/doctor", "").json().getAsJsonArray("tools"))
                .hasSize(1);
        assertThat(fixture.request("GET", "/languages", "").json().getAsJsonArray("languages"))
                .hasSize(1);
        assertThat(fixture.request("GET", "/metrics", "").text())
                .contains("baton_functions 1\n")
                .contains("baton_deploys_total{status=\"201\"} 1\n")
                .contains("baton_registry_rows_invalid 0\n")
                .contains("baton_admin_requests_total{status=\"200\"} ");
    }

    @Test
    void tellsWhichPathsAndMethodsThereAre() throws IOException {
        assertThat(fixture.request("GET", "/nowhere", "").status()).isEqualTo(404);
        assertThat(fixture.request("GET", "/", "").status()).isEqualTo(404);
        assertThat(fixture.request("GET", "/functions/a/b", "").status()).isEqualTo(404);
        RawClient.Answer wrong = fixture.request("PATCH", "/deploy", "");
        assertThat(wrong.status()).isEqualTo(405);
        assertThat(wrong.headers()).containsEntry("allow", "POST, PUT");
        assertThat(fixture.request("POST", "/routes", "").headers()).containsEntry("allow", "GET, HEAD");
        assertThat(fixture.request("GET", "/routes?x=1", "").status()).isEqualTo(400);
    }

    @Test
    void showsTheEndOfAFunctionsLog() throws IOException {
        deploy("hello");
        assertThat(fixture.request("GET", "/logs?fn=hello", "").text()).isEmpty();
        Path log = data.resolve("logs/functions/hello.log");
        Files.createDirectories(log.getParent());
        Files.writeString(
                log, "first line that is cut\n" + "x".repeat(FunctionLogTail.TAIL_BYTES - 11) + "\nlast line\n");

        String shown = fixture.request("GET", "/logs?fn=hello", "").text();

        assertThat(shown).startsWith("x").endsWith("\nlast line\n");
        assertThat(fixture.request("GET", "/logs?fn=../../x", "").status()).isEqualTo(404);
        assertThat(fixture.request("GET", "/logs?fn=hello&follow=maybe", "").status())
                .isEqualTo(400);
    }

    private RawClient.Answer deploy(String name) throws IOException {
        return fixture.request("POST", "/deploy?name=" + name + "&lang=c", SOURCE);
    }
}
