package baton.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import baton.function.FunctionLimits;
import baton.function.FunctionName;
import baton.function.FunctionVersion;
import baton.function.Isolation;
import baton.function.Language;
import baton.function.Route;
import baton.function.RouteTable;
import baton.function.VersionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private static final String ELSEWHERE = "127.0.0.1:8080";

    private final RouteTable table = RouteTable.EMPTY
            .with(version("hello"), List.of())
            .with(version("resize"), List.of(Route.parse("POST:/api/resize"), Route.parse("GET:/img/*")))
            .with(version("deep"), List.of(Route.parse("GET:/img/deep/*"), Route.parse("HEAD:/img/head")))
            .with(version("exact"), List.of(Route.parse("GET:/img/deep/exact"), Route.parse("M-SEARCH:/x")))
            .with(version("rest"), List.of(Route.parse("DELETE:/*"), Route.parse("HEAD:/api/own")))
            .with(version("own"), List.of(Route.parse("GET:/api/own")));
    private final Router router = new Router(table, ".faas.local");
    private final Router.Match match = new Router.Match();
    private final RequestHead head = new RequestHead();
    private byte[] buffer = {};

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "-",
            value = {
                // request, host, function, PATH_INFO
                "GET /function/hello 127.0.0.1 hello ''",
                "GET /function/hello?a=/b 127.0.0.1 hello ''",
                "BREW /function/hello/ 127.0.0.1 hello /",
                "GET /function/hello/a/b%20c 127.0.0.1 hello /a/b%20c",
                "GET /function/hello/function/deep deep.faas.local hello /function/deep",
                "GET http://deep.faas.local/function/hello/x a hello /x",
                "POST /function/resize 127.0.0.1 resize ''",
                "POST /api/resize 127.0.0.1 resize ''",
                "GET /img 127.0.0.1 resize ''",
                "GET /img/ 127.0.0.1 resize /",
                "GET /img/a/b 127.0.0.1 resize /a/b",
                "HEAD /img/a/b 127.0.0.1 resize /a/b",
                "HEAD /img/head 127.0.0.1 deep ''",
                "GET /img/head 127.0.0.1 resize /head",
                "GET /img/deep 127.0.0.1 deep ''",
                "GET /img/deep/x 127.0.0.1 deep /x",
                "GET /img/deeper 127.0.0.1 resize /deeper",
                "GET /img/deep/exact 127.0.0.1 exact ''",
                "GET /img/deep/exact/x 127.0.0.1 deep /exact/x",
                "GET /api/own 127.0.0.1 own ''",
                "HEAD /api/own 127.0.0.1 rest ''",
                "M-SEARCH /x 127.0.0.1 exact ''",
                "DELETE / 127.0.0.1 rest /",
                "DELETE /deploy 127.0.0.1 rest /deploy",
                "DELETE /any/thing hello.faas.local rest /any/thing",
                "GET / hello.faas.local hello /",
                "GET /x?y HELLO.Faas.Local:8080 hello /x",
                "GET http://hello.faas.local a hello /",
                "POST /img/x hello.faas.local hello /img/x",
                "OPTIONS * hello.faas.local hello ''",
                "CONNECT hello.faas.local:80 hello.faas.local:80 hello ''"
            })
    void findsTheFunction(String method, String target, String host, String name, String pathInfo) {
        route(method, target, host);

        assertThat(match.kind).isEqualTo(Router.Kind.FUNCTION);
        assertThat(match.function).isEqualTo(version(name));
        assertThat(match.named).isEqualTo(new FunctionName(name));
        assertThat(head.text(match.scriptEnd, head.pathEnd())).isEqualTo(pathInfo);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"POST /deploy", "POST /invoke", "POST /deploy?name=x", "POST /invoke?fn=y"})
    void sendsThePlatformsOwnPathsToTheControlPlane(String method, String target) {
        route(method, target, "hello.faas.local");

        assertThat(match.kind).isEqualTo(Router.Kind.CONTROL);
        assertThat(match.function).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/deploy",
                "/deploy/",
                "/function",
                "/Function/hello",
                "/function/",
                "/function//hello",
                "/function/Hello",
                "/function/9",
                "/function/hello%20",
                "/function/../hello",
                "/%66unction/hello",
                "/img2",
                "/function/a234567890123456789012345678901234567890123456789012345678901234"
            })
    void findsNothingAndNoName(String path) {
        route("GET", path, ELSEWHERE);

        assertThat(match.kind).isEqualTo(Router.Kind.NONE);
        assertThat(match.function).isNull();
        assertThat(match.named).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/function/gone 127.0.0.1",
                "/function/gone/x hello.faas.local",
                "/ gone.faas.local",
                "/ GONE.faas.local:1"
            })
    void namesAFunctionThatDoesNotExist(String path, String host) {
        route("GET", path, host);

        assertThat(match.kind).isEqualTo(Router.Kind.NONE);
        assertThat(match.function).isNull();
        assertThat(match.named).isEqualTo(new FunctionName("gone"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "faas.local",
                ".faas.local",
                "hello.faas.local.evil",
                "a.hello.faas.local",
                "hello.faas.locals",
                "helloXfaas.local",
                "-.faas.local",
                "[::1]"
            })
    void ignoresOtherHosts(String host) {
        route("GET", "/", host);

        assertThat(match.kind).isEqualTo(Router.Kind.NONE);
        assertThat(match.named).isNull();
    }

    @Test
    void letsARouteWinOverTheHostEvenWhenItsFunctionIsGone() {
        Router other = new Router(table.withRoutes(Map.of("GET:/gone", new FunctionName("gone"))), ".faas.local");
        parse("GET", "/gone", "hello.faas.local");

        other.route(head, buffer, match);

        assertThat(match.kind).isEqualTo(Router.Kind.NONE);
        assertThat(match.named).isEqualTo(new FunctionName("gone"));
    }

    @Test
    void takesAnotherHostSuffix() {
        Router other = new Router(table, ".Fn.Example");
        parse("GET", "/", "Hello.fn.example:80");

        other.route(head, buffer, match);

        assertThat(match.function).isEqualTo(version("hello"));
        assertThat(other.hostSuffix()).isEqualTo(".Fn.Example");
        assertThat(other.table()).isSameAs(table);
    }

    @Test
    void forgetsTheMatchBefore() {
        route("GET", "/function/hello", ELSEWHERE);
        route("GET", "/none", ELSEWHERE);

        assertThat(match.kind).isEqualTo(Router.Kind.NONE);
        assertThat(match.function).isNull();
        assertThat(match.named).isNull();
    }

    @Test
    void findsEachOfManyFunctions() {
        Map<String, FunctionVersion> live = new HashMap<>();
        Map<String, FunctionName> routes = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            live.put("f" + i, version("f" + i));
            routes.put("PUT:/r/" + i, new FunctionName("f" + i));
        }
        Router many = new Router(new RouteTable(1, live, routes), ".faas.local");
        for (int i = 0; i < 1000; i++) {
            parse("PUT", "/r/" + i, ELSEWHERE);
            many.route(head, buffer, match);
            assertThat(match.function).isEqualTo(version("f" + i));
            parse("GET", "/function/f" + i, ELSEWHERE);
            many.route(head, buffer, match);
            assertThat(match.function).isEqualTo(version("f" + i));
        }
    }

    private void route(String method, String target, String host) {
        parse(method, target, host);
        router.route(head, buffer, match);
    }

    private void parse(String method, String target, String host) {
        buffer = ("..." + method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(ISO_8859_1);
        assertThat(head.parse(buffer, 3, buffer.length)).as(head.errorDetail()).isPositive();
    }

    private static FunctionVersion version(String name) {
        return new FunctionVersion(
                new VersionId(new FunctionName(name), 1_760_055_556),
                Language.C,
                FunctionLimits.DEFAULT,
                Map.of(),
                Isolation.SHARED,
                1,
                "0".repeat(64));
    }
}
