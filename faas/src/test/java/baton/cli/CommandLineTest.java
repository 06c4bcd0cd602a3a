package baton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import baton.config.PlatformConfig;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands against a real HTTP server that answers as the admin API does.
final class CommandLineTest {
    private record Request(String line, String body, String authorization) {}

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<PlatformConfig> started = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String answer = "{}";
    private int status = 200;
    private int statusOfPut;
    private boolean chunked;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void listsInAlignedColumns() {
        answer = """
                {"functions":[{"name":"a","lang":"c","id":"a_1","instances":2},
                {"name":"longer","lang":"js","id":"longer_1","instances":10,"routes":["GET:/x","POST:/y"]}]}""";

        assertThat(run("list")).isEqualTo(ExitCode.DONE);
        assertThat(out()).isEqualTo("""
                        NAME    LANG  ID        INSTANCES  ROUTES
                        a       c     a_1               2  -
                        longer  js    longer_1         10  GET:/x, POST:/y
                        """);
        assertThat(requests.getFirst().line()).isEqualTo("GET /functions");
    }

    @Test
    void showsNumbersWithTheirUnits() {
        answer = """
                {"workers":[{"id":"shared/0","pid":7,"state":"ready","residentBytes":77406208,"started":"soon"},
                {"id":"shared/1","pid":4711,"state":"dead","residentBytes":0,"started":"later"}]}""";

        assertThat(run("workers")).isEqualTo(ExitCode.DONE);
        assertThat(out()).isEqualTo("""
                        ID         PID  STATE  RESIDENT  STARTED
                        shared/0     7  ready  73.8 MiB  soon
                        shared/1  4711  dead        0 B  later
                        """);
    }

    @Test
    void showsMomentsInTheTimeZoneOfThisMachine() {
        Instant moment = Instant.parse("2026-01-02T03:04:05.678Z");
        answer = "{\"workers\":[{\"id\":\"shared/0\",\"started\":\"" + moment + "\"}]}";

        assertThat(run("workers")).isEqualTo(ExitCode.DONE);
        String local = moment.atZone(ZoneId.systemDefault()).format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss"));
        assertThat(out()).contains("shared/0  " + local + "\n");
    }

    @Test
    void describesLimitsAndVariables() {
        answer = """
                {"limits":{"memoryBytes":67108864,"timeoutMillis":1500,"outputBytes":100},"env":{"API_keyBytes":"***"},
                "counters":{"meanMicros":4636},"versions":[{"id":"a_1","sha256":"0123456789abcdef","sourceBytes":808}]}""";

        assertThat(run("describe", "a")).isEqualTo(ExitCode.DONE);
        assertThat(out()).isEqualTo("""
                        limits:
                          memory: 64 MiB
                          timeout: 1.5 s
                          output: 100 B
                        env:
                          API_keyBytes: ***
                        counters:
                          mean: 4.6 ms
                        versions:
                          ID   SHA256        SOURCE
                          a_1  0123456789ab   808 B
                        """);
    }

    @Test
    void printsTheAnswerOfTheApiAsJson() {
        answer = "{\"workers\":[{\"id\":\"shared/0\",\"pid\":4711}]}";

        assertThat(run("workers", "-o", "json")).isEqualTo(ExitCode.DONE);
        assertThat(JsonParser.parseString(out())).isEqualTo(JsonParser.parseString(answer));
    }

    @Test
    void deploysWithNameAndLanguageOfTheFile() throws IOException {
        answer = "{\"ok\":true,\"id\":\"my-fn_1\",\"name\":\"my-fn\",\"lang\":\"cpp\",\"http\":\"http://127.0.0.1:9\"}";
        status = 201;
        Path file = Files.writeString(directory.resolve("My_Fn.cc"), "int main() {}");

        int exit = run(
                "deploy",
                file.toString(),
                "--route",
                "POST /api/x",
                "--timeout",
                "2s",
                "--env",
                "A=b c",
                "--env",
                "D=");

        assertThat(exit).isEqualTo(ExitCode.DONE);
        assertThat(requests.getFirst())
                .isEqualTo(new Request(
                        "POST /deploy?name=my-fn&lang=cpp&file=My_Fn.cc&route=POST%3A%2Fapi%2Fx&timeout=2s"
                                + "&env=A%3Db+c&env=D%3D",
                        "int main() {}", null));
        assertThat(out())
                .contains("deployed my-fn_1 (cpp)", "POST http://127.0.0.1:9/api/x")
                .contains("curl http://127.0.0.1:9/function/my-fn");
    }

    @Test
    void replacesWithPut() throws IOException {
        Path file = Files.writeString(directory.resolve("a.c"), "");

        run("deploy", file.toString(), "--replace", "--name", "b", "--lang", "html");

        assertThat(requests.getFirst().line()).isEqualTo("PUT /deploy?name=b&lang=html&file=a.c");
    }

    @Test
    void deploysWithReplaceWhatIsNotThereYet() throws IOException {
        answer = "{\"ok\":true,\"id\":\"a_1\",\"name\":\"a\",\"lang\":\"c\"}";
        statusOfPut = 404;
        Path file = Files.writeString(directory.resolve("a.c"), "int main() {}");

        assertThat(run("deploy", file.toString(), "--replace")).isEqualTo(ExitCode.DONE);
        assertThat(out()).contains("deployed a_1 (c)");
        assertThat(requests)
                .extracting(Request::line)
                .startsWith("PUT /deploy?name=a&lang=c&file=a.c", "POST /deploy?name=a&lang=c&file=a.c");
        assertThat(requests).extracting(Request::body).startsWith("int main() {}", "int main() {}");
    }

    @Test
    void neverReplacesUnasked() throws IOException {
        answer = "{\"ok\":false,\"error\":\"there is no function 'a' to replace\"}";
        status = 404;
        Path file = Files.writeString(directory.resolve("a.c"), "");

        assertThat(run("deploy", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(requests).hasSize(1);
    }

    @Test
    void tellsOfReplaceOnlyWhereItHelps() throws IOException {
        answer = "{\"ok\":false,\"error\":\"the route GET:/x belongs to function 'b'\"}";
        status = 409;
        Path file = Files.writeString(directory.resolve("a.c"), "");

        assertThat(run("deploy", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err()).isEqualTo("error: the route GET:/x belongs to function 'b'\n");
    }

    @Test
    void showsTheCompilersOutputAsItIs() throws IOException {
        answer = "{\"ok\":false,\"error\":\"a.c does not compile\",\"detail\":\"a.c:1:5: error: x\\n  1 | y\\n\"}";
        status = 422;
        Path file = Files.writeString(directory.resolve("a.c"), "y");

        assertThat(run("deploy", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err()).isEqualTo("error: a.c does not compile\na.c:1:5: error: x\n  1 | y\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void tellsHowToDeployANameThatIsTaken() throws IOException {
        answer = "{\"ok\":false,\"error\":\"the name 'a' is taken\"}";
        status = 409;
        Path file = Files.writeString(directory.resolve("a.c"), "");

        assertThat(run("deploy", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("the name 'a' is taken", "--replace");
    }

    @Test
    void printsOutputOfAFunctionWithoutAddingToIt() {
        answer = "{\"ok\":true,\"output\":\"ü\\u0000no line end\"}";

        assertThat(run("invoke", "echo", "-d", "ö")).isEqualTo(ExitCode.DONE);
        assertThat(out()).isEqualTo("ü\u0000no line end");
        assertThat(requests.getFirst()).isEqualTo(new Request("POST /invoke?fn=echo", "ö", null));
    }

    @Test
    void showsWhatAFailedFunctionSaid() {
        answer = "{\"ok\":false,\"error\":\"exit status 3\",\"exit\":3,\"stderr\":\"oh\\u001b[2J no\"}";
        status = 502;

        assertThat(run("invoke", "a")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).isEqualTo("oh?[2J no\nerror: exit status 3\n");
    }

    @Test
    void printsSourceByteForByte() {
        answer = "int main() { return 0; }";

        assertThat(run("source", "a")).isEqualTo(ExitCode.DONE);
        assertThat(out()).isEqualTo(answer);
        assertThat(requests.getFirst().line()).isEqualTo("GET /function/a");
    }

    @Test
    void readsChunkedLogs() {
        answer = "one\ntwo\n".repeat(10_000);
        chunked = true;

        assertThat(run("logs", "a", "-f")).isEqualTo(ExitCode.DONE);
        assertThat(out()).isEqualTo(answer);
        assertThat(requests.getFirst().line()).isEqualTo("GET /logs?fn=a&follow=true");
    }

    @Test
    void removesAndDrains() {
        assertThat(run("remove", "a")).isEqualTo(ExitCode.DONE);
        assertThat(run("drain", "shared/0")).isEqualTo(ExitCode.DONE);
        assertThat(requests)
                .extracting(Request::line)
                .containsExactly("DELETE /functions/a", "POST /workers/shared/0/drain");
    }

    @Test
    void describesWhatItDoesNotKnowToo() {
        answer =
                "{\"ok\":true,\"name\":\"a\",\"limits\":{\"timeout\":\"5s\"},\"versions\":[{\"id\":\"a_1\"}],\"new\":1}";

        assertThat(run("describe", "a")).isEqualTo(ExitCode.DONE);
        assertThat(out()).isEqualTo("name: a\nlimits:\n  timeout: 5s\nversions:\n  ID\n  a_1\nnew: 1\n");
    }

    @Test
    void sendsTheToken() {
        run("list", "--token", "secret");

        assertThat(requests.getFirst().authorization()).isEqualTo("Bearer secret");
    }

    @Test
    void namesTheCureWhenTheTokenIsMissing() {
        answer = "{\"ok\":false,\"error\":\"a token is needed\"}";
        status = 401;

        assertThat(run("list")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("a token is needed", "BATON_TOKEN");
    }

    @Test
    void survivesAnAnswerThatIsNotJson() {
        answer = "<html>";
        status = 500;

        assertThat(run("list")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).isEqualTo("error: the platform answered 500 without a reason\n");
    }

    @Test
    void tellsThatNoPlatformIsReachable() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        int exit = program().run("list", "--admin-url", "http://127.0.0.1:" + port);

        assertThat(exit).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err())
                .contains("connection refused", "./baton up", "--admin-url")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lst",
                "list --nope",
                "deploy",
                "list -o xml",
                "bench a -c 0",
                "bench a -n 1 --duration 1s",
                "drain x",
                "invoke a -d x -f y",
                "list --admin-url ftp://x",
                "up --htpp 1",
                "up --workers none",
                "deploy x.unknown"
            })
    void answersWrongUsageWithTwo(String line) {
        assertThat(program().run(line.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err()).startsWith("error: ").contains("Try: ./baton");
        assertThat(out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "deploy",
                "invoke",
                "list",
                "describe",
                "source",
                "remove",
                "logs",
                "routes",
                "workers",
                "drain",
                "bench",
                "doctor",
                "version"
            })
    void explainsEachCommandWithExamples(String command) {
        assertThat(program().run(command, "--help")).isEqualTo(ExitCode.DONE);
        assertThat(program().run("help", command)).isEqualTo(ExitCode.DONE);
        assertThat(out()).contains("Usage: baton " + command, "Examples:", "./baton " + command);
    }

    @Test
    void offersNoCommandOfLaterReleases() {
        program().run("--help");

        assertThat(out()).contains("deploy", "doctor").doesNotContain("strategy", "upgrade", "cert", "trust");
    }

    @Test
    void handsTheSettingsToThePlatform() {
        int exit = program().run("up", "--http", "0", "--data", directory.toString(), "--config", "none.toml");

        assertThat(exit).isEqualTo(42);
        assertThat(started).singleElement().satisfies(config -> {
            assertThat(config.http()).isZero();
            assertThat(config.data()).isEqualTo(directory);
        });
    }

    @Test
    void diagnosesWithAndWithoutAPlatform() {
        answer = "{\"version\":\"7\",\"http\":\"http://h:1\",\"tools\":[{\"name\":\"clang\",\"state\":\"preparing\"}]}";

        assertThat(run("doctor")).isEqualTo(ExitCode.DONE);
        assertThat(out()).contains("Languages", "html", "Platform 7", "clang  preparing");

        server.stop(0);
        assertThat(run("doctor")).isEqualTo(ExitCode.DONE);
        assertThat(out()).contains("No platform at");
    }

    @Test
    void failsWhenNoRequestOfALoadSucceeds() {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        answer = "{\"ok\":true}";

        assertThat(run("bench", "a", "-c", "1", "-n", "3", "--url", url)).isEqualTo(ExitCode.DONE);
        assertThat(out()).contains("status     200: 3", "errors     none");

        status = 404;
        assertThat(run("bench", "a", "-c", "1", "-n", "3", "--url", url)).isEqualTo(ExitCode.FAILED);
        assertThat(out()).contains("status     404: 3");
    }

    @Test
    void rehearsesEveryCommand() {
        assertThat(program().run("rehearse")).isEqualTo(ExitCode.DONE);
        assertThat(out() + err()).isEmpty();
    }

    private int run(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--admin-url";
        all[arguments.length + 1] = "http://127.0.0.1:" + server.getAddress().getPort();
        return program().run(all);
    }

    private CommandLineProgram program() {
        Terminal terminal = new Terminal(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        return new CommandLineProgram(terminal, config -> {
            started.add(config);
            return 42;
        });
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(
                exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                body,
                exchange.getRequestHeaders().getFirst("Authorization")));
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        boolean refused = statusOfPut != 0 && exchange.getRequestMethod().equals("PUT");
        exchange.sendResponseHeaders(refused ? statusOfPut : status, chunked ? 0 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
