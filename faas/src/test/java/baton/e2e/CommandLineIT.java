package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line against a running platform, as a user types it.
class CommandLineIT {
    @TempDir
    static Path directory;

    private static PlatformProcess platform;

    @BeforeAll
    static void start() throws IOException {
        platform = PlatformProcess.start().withCompiler();
        for (String name : new String[] {"hello.c", "acts.c", "broken.c", "leaves.c", "hello.html"}) {
            Files.write(directory.resolve(name), Fixtures.bytes(name));
        }
        platform.deploy("hello", "c", "hello.c");
        platform.deploy("leaves", "c", "leaves.c");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    /// How a command ended.
    private record Ended(int exit, String out, String err) {
        JsonObject json() {
            return JsonParser.parseString(out).getAsJsonObject();
        }
    }

    private static Ended baton(String... arguments) throws IOException {
        return batonAt("http://127.0.0.1:" + platform.adminPort(), arguments);
    }

    private static Ended batonAt(String url, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(PlatformProcess.command(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("BATON_URL", url);
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private static Ended done(String... arguments) throws IOException {
        Ended ended = baton(arguments);
        assertThat(ended.exit()).as("%s", ended).isZero();
        return ended;
    }

    @Test
    void takesAFunctionThroughItsLife() throws IOException {
        Ended deployed = done("deploy", "acts.c", "--name", "life", "--route", "GET /life", "--timeout", "2s");
        assertThat(deployed.out()).contains("deployed life_", "http://127.0.0.1:" + platform.http() + "/function/life");
        assertThat(done("invoke", "life").out()).isEqualTo("nothing known about ''\n");
        assertThat(platform.get("/life?argv").text()).isEqualTo("1 life\n");
        assertThat(done("source", "life").out()).isEqualTo(Files.readString(directory.resolve("acts.c")));
        assertThat(done("list").out()).contains("life");
        assertThat(done("describe", "life").out()).contains("life", "GET:/life");

        Ended taken = baton("deploy", "hello.c", "--name", "life");
        assertThat(taken.exit()).isEqualTo(1);
        assertThat(taken.err()).contains("error: the name 'life' is taken", "--replace");
        JsonObject replaced = done("deploy", "hello.c", "--name", "life", "--replace", "-o", "json")
                .json();
        assertThat(replaced.get("name").getAsString()).isEqualTo("life");
        assertThat(done("invoke", "life").out()).isEqualTo("Hello from FAAS!\n");

        done("remove", "life");
        Ended gone = baton("invoke", "life");
        assertThat(gone.exit()).isEqualTo(1);
        assertThat(gone.err()).contains("error: there is no function 'life'");
    }

    @Test
    void printsJsonThatCanBeParsed() throws IOException {
        assertThat(done("list", "-o", "json").json().getAsJsonArray("functions"))
                .isNotEmpty();
        assertThat(done("describe", "hello", "-o", "json").json().get("lang").getAsString())
                .isEqualTo("c");
        assertThat(done("workers", "-o", "json").json().getAsJsonArray("workers"))
                .hasSize(2);
        assertThat(done("routes", "-o", "json").json().has("routes")).isTrue();
        assertThat(done("doctor", "-o", "json").json().isEmpty()).isFalse();
        assertThat(done("version", "-o", "json").json().isEmpty()).isFalse();
        for (String command : new String[] {"list", "workers", "routes", "doctor", "version"}) {
            assertThat(done(command).out()).as(command).isNotBlank();
        }
    }

    @Test
    void showsWhatTheFunctionOrTheCompilerSaid() throws IOException {
        Ended failed = baton("invoke", "leaves", "-d", "12345");
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.err()).contains("function leaves exited with status 5", "read 5 bytes");

        Ended broken = baton("deploy", "broken.c");
        assertThat(broken.exit()).isEqualTo(1);
        assertThat(broken.err()).contains("error: broken.c does not compile", "broken.c:4:12: error:");
        Ended missing = baton("deploy", "missing.c");
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err()).contains("missing.c");
    }

    @Test
    void showsAFunctionsStderr() throws IOException {
        platform.deploy("talks", "c", "acts.c");
        assertThat(platform.get("/function/talks?stderr=42").text()).isEqualTo("logged\n");
        Await.untilAsserted(
                Duration.ofSeconds(30),
                () -> assertThat(done("logs", "talks").out()).contains("to the log: stderr=42"));
    }

    @Test
    void loadsAFunctionAndPrintsNumbers() throws IOException {
        Ended printed = done("bench", "hello", "-c", "4", "-n", "400");
        assertThat(printed.out()).contains("400").containsPattern("p50").containsPattern("p99");
        JsonObject json = done("bench", "hello", "-c", "2", "-n", "100", "--no-keepalive", "-o", "json")
                .json();
        assertThat(numbers(json)).as("%s", json).contains("100");
        assertThat(baton("bench", "hello", "-c", "0").exit()).isEqualTo(2);
    }

    private static List<String> numbers(JsonObject json) {
        return json.entrySet().stream()
                .map(java.util.Map.Entry::getValue)
                .filter(JsonElement::isJsonPrimitive)
                .map(JsonElement::getAsString)
                .toList();
    }

    @Test
    void drainsAWorker() throws IOException {
        String before = done("workers", "-o", "json").out();
        done("drain", "shared/1");
        assertThat(before).contains("shared/1");
        Ended unknown = baton("drain", "shared/9");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).contains("shared/9");
    }

    @Test
    void endsWithTwoOnWrongUsage() throws IOException {
        for (String[] wrong : new String[][] {
            {"deploi"}, {"list", "--colour"}, {"deploy"}, {"deploy", "hello.c", "--name", "Bad_Name"}, {"invoke"},
        }) {
            Ended ended = baton(wrong);
            assertThat(ended.exit()).as("%s", ended).isEqualTo(2);
            assertThat(ended.err()).startsWith("error: ").contains("Try: ./baton");
        }
        for (String help : new String[] {"--help", "deploy --help", "help bench"}) {
            assertThat(done(help.split(" ")).out()).contains("./baton ");
        }
    }

    @Test
    void endsWithThreeWhenNothingAnswers() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:" + free;
        for (String[] command : new String[][] {
            {"list"}, {"invoke", "hello"}, {"deploy", "hello.c"}, {"workers"}, {"bench", "hello", "-n", "1"},
        }) {
            Ended ended = batonAt(url, command);
            assertThat(ended.exit()).as("%s: %s", List.of(command), ended).isEqualTo(3);
            assertThat(ended.err()).contains(url, "./baton up");
        }
    }
}
