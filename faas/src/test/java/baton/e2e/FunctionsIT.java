package baton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Functions of every language from source to answer, and what they see and may say.
class FunctionsIT {
    private static final String HELLO = "Hello from FAAS!\n";
    private static PlatformProcess platform;

    @BeforeAll
    static void deployAll() throws IOException {
        platform = PlatformProcess.start().withCompiler();
        platform.deploy("hello-c", "c", "hello.c");
        platform.deploy("hello-cpp", "cpp", "hello.cpp");
        platform.deploy("hello-wasm", "wasm", "hello.wasm");
        platform.deploy("hello-js", "js", "hello.js");
        platform.deploy("page", "html", "hello.html");
        platform.deploy("greet", "js", "greet.js");
        platform.deploy("acts", "c", "acts.c");
        platform.deploy("acts-js", "js", "acts.js");
        platform.deploy("echo", "c", "echo.c", "env=GREETING=hi", "route=PUT:/api/echo", "route=GET:/files/*");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @ParameterizedTest
    @CsvSource({"hello-c, c, true", "hello-cpp, cpp, true", "hello-wasm, wasm, true", "hello-js, js, false"})
    void answersInEveryLanguage(String name, String lang, boolean wasm) throws IOException {
        Answer answer = platform.get("/function/" + name);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(HELLO);
        JsonObject function = platform.admin().get("/functions/" + name).json();
        assertThat(function.get("lang").getAsString()).isEqualTo(lang);
        assertThat(function.get("wasm").getAsBoolean()).isEqualTo(wasm);
        assertThat(answer.field("x-baton-function")).isEqualTo(name);
        assertThat(answer.field("x-baton-version"))
                .isEqualTo(function.get("id").getAsString())
                .matches(name + "_\\d{10}");
        assertThat(answer.field("x-baton-worker")).matches("shared/[01]:\\d+");
        assertThat(answer.field("server-timing"))
                .matches("queue;dur=\\d+\\.\\d+, cold;dur=\\d+\\.\\d+, exec;dur=\\d+\\.\\d+");
        assertThat(answer.field("content-type"))
                .isEqualToIgnoringCase(wasm ? "text/plain; charset=utf-8" : "text/plain;charset=UTF-8");
    }

    @Test
    void answersWithAPageThatCanBeValidated() throws IOException {
        Answer page = platform.get("/function/page");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).isEqualTo(Fixtures.bytes("hello.html"));
        assertThat(page.field("content-type")).isEqualTo("text/html; charset=utf-8");

        try (RawConnection connection = platform.connect()) {
            connection.send(
                    "GET /function/page HTTP/1.1\r\nHost: x\r\nIf-None-Match: " + page.field("etag") + "\r\n\r\n");
            Answer same = connection.read();
            assertThat(same.status()).isEqualTo(304);
            assertThat(same.field("etag")).isEqualTo(page.field("etag"));

            Answer posted = connection.post("/function/page", "x").read();
            assertThat(posted.status()).isEqualTo(405);
            assertThat(posted.field("allow")).isEqualTo("GET, HEAD");
        }
    }

    @Test
    void answersWithWhatAScriptPrints() throws IOException {
        assertThat(platform.post("/function/greet?a=b", "some text").text()).isEqualTo("POST a=b [some text]\n");
    }

    @Test
    void keepsTheRequestIdThatItIsGivenAndElseMakesOne() throws IOException {
        try (RawConnection connection = platform.connect()) {
            connection.send("GET /function/hello-c HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine-1.2_3\r\n\r\n");
            assertThat(connection.read().field("x-request-id")).isEqualTo("mine-1.2_3");
            String first = connection.get("/function/hello-c").read().field("x-request-id");
            String second = connection.get("/function/hello-c").read().field("x-request-id");
            assertThat(first).isNotEmpty().isNotEqualTo(second);
            connection.send("GET /function/hello-c HTTP/1.1\r\nHost: x\r\nX-Request-Id: <script>\r\n\r\n");
            assertThat(connection.read().field("x-request-id")).doesNotContain("script");
        }
    }

    @Test
    void givesTheFunctionCgiVariablesItsOwnAndTheBody() throws IOException {
        try (RawConnection connection = platform.connect()) {
            connection.send("POST /function/echo/a/b?c=d HTTP/1.1\r\nHost: faas.example:8080\r\n"
                    + "Content-Type: text/x-special\r\nX-Colour: blue\r\nContent-Length: 9\r\n\r\nsome text");
            Answer answer = connection.read();

            assertThat(answer.field("content-type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(answer.text().lines())
                    .contains(
                            "GATEWAY_INTERFACE=CGI/1.1",
                            "SERVER_PROTOCOL=HTTP/1.1",
                            "REQUEST_METHOD=POST",
                            "SCRIPT_NAME=/function/echo",
                            "PATH_INFO=/a/b",
                            "QUERY_STRING=c=d",
                            "CONTENT_TYPE=text/x-special",
                            "CONTENT_LENGTH=9",
                            "REMOTE_ADDR=127.0.0.1",
                            "SERVER_NAME=faas.example",
                            "SERVER_PORT=" + platform.http(),
                            "HTTP_X_COLOUR=blue",
                            "GREETING=hi");
            assertThat(answer.text()).endsWith("\n\nsome text");
        }
        assertThat(platform.get("/function/acts?argv").text()).isEqualTo("1 acts\n");
    }

    @Test
    void takesStatusAndFieldsFromTheCgiHeaderBlock() throws IOException {
        Answer teapot = platform.get("/function/acts?teapot");
        assertThat(teapot.status()).isEqualTo(418);
        assertThat(teapot.field("content-type")).isEqualTo("text/x-tea");
        assertThat(teapot.field("x-kettle")).isEqualTo("on");
        assertThat(teapot.text()).isEqualTo("short and stout\n");

        assertThat(platform.get("/function/acts?created").status()).isEqualTo(201);
        Answer empty = platform.get("/function/acts?empty");
        assertThat(empty.status()).isEqualTo(204);
        assertThat(empty.has("content-length")).isFalse();

        Answer elsewhere = platform.get("/function/acts?elsewhere");
        assertThat(elsewhere.status()).isEqualTo(302);
        assertThat(elsewhere.field("location")).isEqualTo("http://example.org/there");

        Answer handled = platform.get("/function/acts-js?teapot");
        assertThat(handled.status()).isEqualTo(418);
        assertThat(handled.field("x-kettle")).isEqualTo("on");
        assertThat(platform.get("/function/acts-js?nothing").status()).isEqualTo(204);
    }

    @Test
    void servesALocalRedirectItself() throws IOException {
        Answer redirected = platform.get("/function/acts?redirect");
        assertThat(redirected.status()).isEqualTo(418);
        assertThat(redirected.text()).isEqualTo("short and stout\n");
        assertThat(redirected.has("location")).isFalse();

        Answer circle = platform.get("/function/acts?circle");
        assertThat(circle.status()).isEqualTo(502);
        assertThat(circle.errorCode()).isEqualTo("BAD_RESPONSE");
        assertThat(circle.json().get("error").getAsString()).contains("more than 8 local redirects");
    }

    @Test
    void findsFunctionsByRouteAndByHostName() throws IOException {
        try (RawConnection connection = platform.connect()) {
            connection.send("PUT /api/echo?x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(connection.read().text())
                    .contains("REQUEST_METHOD=PUT\n")
                    .endsWith("\n\nhi");
            assertThat(connection.get("/files/a/b").read().text()).contains("PATH_INFO=/a/b\n");
            // The same path with another method is nobody's.
            assertThat(connection.get("/api/echo").read().errorCode()).isEqualTo("NO_FUNCTION");

            connection.send("GET /any/path HTTP/1.1\r\nHost: Hello-C.faas.local:8080\r\n\r\n");
            assertThat(connection.read().text()).isEqualTo(HELLO);
            connection.send("GET /any/path HTTP/1.1\r\nHost: nobody.faas.local\r\n\r\n");
            Answer nobody = connection.read();
            assertThat(nobody.status()).isEqualTo(404);
            // The path comes first, the host name last.
            connection.send("GET /function/page HTTP/1.1\r\nHost: hello-c.faas.local\r\n\r\n");
            assertThat(connection.read().field("x-baton-function")).isEqualTo("page");
        }
        JsonObject routes = platform.admin().get("/routes").json();
        assertThat(routes.getAsJsonArray("routes").toString()).contains("\"PUT:/api/echo\"", "\"GET:/files/*\"");
    }

    @Test
    void isNotFoundWhateverTheMethodWhenNoFunctionHasTheName() throws IOException {
        for (String method : new String[] {"GET", "POST", "BREW", "DELETE"}) {
            try (RawConnection connection = platform.connect()) {
                connection.send(method + " /function/nobody HTTP/1.1\r\nHost: x\r\n\r\n");
                Answer answer = connection.read();
                assertThat(answer.status()).as(method).isEqualTo(404);
                assertThat(answer.errorCode()).isEqualTo("NO_FUNCTION");
                assertThat(answer.text())
                        .isEqualTo(
                                "{\"ok\":false,\"error\":\"no function is named 'nobody'\",\"code\":\"NO_FUNCTION\"}\n");
                assertThat(connection.get("/function/hello-c").read().text()).isEqualTo(HELLO);
            }
        }
    }
}
