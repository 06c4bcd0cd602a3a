package baton.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import baton.function.RouteTable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CgiEnvironmentTest {
    private static final CgiConnection PLAIN = new CgiConnection("192.0.2.1", 40_000, "127.0.0.1", 8080, false);

    private final CgiEnvironment environment = new CgiEnvironment();

    @Test
    void describesARequest() {
        Map<String, String> variables = fill(
                "POST /function/hello/a%20b/%C3%A9%zz%4?x=%20&y HTTP/1.1\r\nHost: Example.org:81\r\n"
                        + "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n",
                PLAIN, 5);

        assertThat(variables)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("GATEWAY_INTERFACE", "CGI/1.1"),
                        Map.entry("SERVER_SOFTWARE", "Baton"),
                        Map.entry("SERVER_PROTOCOL", "HTTP/1.1"),
                        Map.entry("SERVER_NAME", "Example.org"),
                        Map.entry("SERVER_PORT", "8080"),
                        Map.entry("REQUEST_METHOD", "POST"),
                        Map.entry("REQUEST_URI", "/function/hello/a%20b/%C3%A9%zz%4?x=%20&y"),
                        Map.entry("SCRIPT_NAME", "/function/hello"),
                        Map.entry("PATH_INFO", "/a b/\u00c3\u00a9%zz%4"),
                        Map.entry("QUERY_STRING", "x=%20&y"),
                        Map.entry("CONTENT_TYPE", "text/plain"),
                        Map.entry("CONTENT_LENGTH", "5"),
                        Map.entry("REMOTE_ADDR", "192.0.2.1"),
                        Map.entry("REMOTE_PORT", "40000"),
                        Map.entry("HTTP_HOST", "Example.org:81")));
    }

    @Test
    void describesASmallRequest() {
        Map<String, String> variables = fill("GET /function/hello HTTP/1.0\r\n\r\n", PLAIN, -1);

        assertThat(variables)
                .containsEntry("SERVER_PROTOCOL", "HTTP/1.0")
                .containsEntry("SERVER_NAME", "127.0.0.1")
                .containsEntry("REQUEST_URI", "/function/hello")
                .containsEntry("PATH_INFO", "")
                .containsEntry("QUERY_STRING", "")
                .doesNotContainKeys("CONTENT_LENGTH", "CONTENT_TYPE", "HTTPS");
    }

    @Test
    void tellsOfTls() {
        CgiConnection tls = new CgiConnection("::1", 1, "h", 8443, true);

        assertThat(fill("GET / HTTP/1.0\r\n\r\n", tls, -1))
                .containsEntry("HTTPS", "on")
                .containsEntry("SERVER_PORT", "8443")
                .containsEntry("REMOTE_ADDR", "::1");
    }

    @Test
    void putsTheTargetInItsShortForm() {
        assertThat(fill("GET http://a.example/function/hello/x? HTTP/1.1\r\nHost: b\r\n\r\n", PLAIN, -1))
                .containsEntry("REQUEST_URI", "/function/hello/x?")
                .containsEntry("SERVER_NAME", "a.example");
        assertThat(fill("GET http://a.example?q HTTP/1.1\r\nHost: b\r\n\r\n", PLAIN, -1))
                .containsEntry("REQUEST_URI", "/?q");
        assertThat(fill("OPTIONS * HTTP/1.1\r\nHost: b\r\n\r\n", PLAIN, -1))
                .containsEntry("REQUEST_URI", "*")
                .containsEntry("SCRIPT_NAME", "")
                .containsEntry("PATH_INFO", "");
        assertThat(fill("CONNECT b:80 HTTP/1.1\r\nHost: b:80\r\n\r\n", PLAIN, -1))
                .containsEntry("REQUEST_URI", "b:80")
                .containsEntry("PATH_INFO", "");
    }

    @Test
    void joinsRepeatedFields() {
        assertThat(fill(
                        "GET / HTTP/1.1\r\nHost: b\r\nX-A: 1\r\nCookie: a=b\r\nx-a:\r\nX-AB: 3\r\ncookie: c=d\r\nX-a: 4\r\n\r\n",
                        PLAIN,
                        -1))
                .containsEntry("HTTP_X_A", "1, , 4")
                .containsEntry("HTTP_X_AB", "3")
                .containsEntry("HTTP_COOKIE", "a=b; c=d");
    }

    @Test
    void passesAuthorizationAndDropsWhatCouldBeTakenForSomethingElse() {
        Map<String, String> variables = fill(
                "POST / HTTP/1.1\r\nHost: b\r\nAuthorization: Basic eA==\r\nPROXY: http://evil/\r\nX_Real-Ip: 1\r\n"
                        + "X.Y: 2\r\nTransfer-Encoding: chunked\r\nX-0: zero=1\r\nContent-Type: a\r\nContent-Type: b\r\n\r\n",
                PLAIN,
                3);

        assertThat(variables)
                .containsEntry("HTTP_AUTHORIZATION", "Basic eA==")
                .containsEntry("HTTP_X_0", "zero=1")
                .containsEntry("CONTENT_TYPE", "a")
                .containsEntry("CONTENT_LENGTH", "3");
        assertThat(variables.keySet())
                .filteredOn(name -> name.startsWith("HTTP_"))
                .containsExactly("HTTP_HOST", "HTTP_AUTHORIZATION", "HTTP_X_0");
    }

    private Map<String, String> fill(String request, CgiConnection connection, long contentLength) {
        byte[] bytes = ("." + request).getBytes(ISO_8859_1);
        RequestHead head = new RequestHead();
        assertThat(head.parse(bytes, 1, bytes.length)).as(head.errorDetail()).isEqualTo(request.length());
        Router.Match match = new Router.Match();
        new Router(RouteTable.EMPTY, ".faas.local").route(head, bytes, match);
        Map<String, String> variables = new LinkedHashMap<>();
        environment.fill(
                head, bytes, match.scriptEnd, connection, contentLength, (buffer, from, nameTo, valueFrom, to) -> {
                    assertThat(valueFrom).isEqualTo(nameTo + 1);
                    assertThat(buffer[nameTo]).isEqualTo((byte) '=');
                    String name = new String(buffer, from, nameTo - from, ISO_8859_1);
                    assertThat(variables.put(name, new String(buffer, valueFrom, to - valueFrom, ISO_8859_1)))
                            .as(name)
                            .isNull();
                });
        return variables;
    }
}
