package baton.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import baton.function.FunctionLimits;
import baton.function.FunctionName;
import baton.function.FunctionVersion;
import baton.function.Isolation;
import baton.function.Language;
import baton.function.RouteTable;
import baton.function.VersionId;
import baton.http.RequestHead;
import baton.http.Router;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What finding a function costs by each of the three ways, among few and many functions with a route each.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RouterBenchmark {
    private static final String SUFFIX = ".faas.local";

    @Param({"1", "1000"})
    public int functions;

    private final RequestHead head = new RequestHead();
    private final Router.Match match = new Router.Match();
    private Router router;
    private byte[] byPath;
    private byte[] byRoute;
    private byte[] byHost;

    @Setup
    public void deploy() {
        Map<String, FunctionVersion> live = new HashMap<>();
        Map<String, FunctionName> routes = new HashMap<>();
        for (int i = 0; i < functions; i++) {
            FunctionName name = new FunctionName("function-" + i);
            live.put(name.value(), version(name));
            routes.put("POST:/api/v1/" + name.value(), name);
        }
        router = new Router(new RouteTable(1, live, routes), SUFFIX);
        String last = "function-" + (functions - 1);
        byPath = request("GET /function/" + last, "127.0.0.1");
        byRoute = request("POST /api/v1/" + last, "127.0.0.1");
        byHost = request("GET /", last + SUFFIX);
        for (byte[] request : new byte[][] {byPath, byRoute, byHost}) {
            if (route(request).kind != Router.Kind.FUNCTION) {
                throw new IllegalStateException("not routed: " + new String(request, ISO_8859_1));
            }
        }
    }

    @Benchmark
    public Router.Match path() {
        return route(byPath);
    }

    @Benchmark
    public Router.Match methodAndUri() {
        return route(byRoute);
    }

    @Benchmark
    public Router.Match host() {
        return route(byHost);
    }

    /// Parses, too: the router needs a parsed head, and three of them would be three states of a cache.
    private Router.Match route(byte[] request) {
        head.parse(request, 0, request.length);
        router.route(head, request, match);
        return match;
    }

    private static byte[] request(String methodAndPath, String host) {
        return (methodAndPath + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(ISO_8859_1);
    }

    private static FunctionVersion version(FunctionName name) {
        return new FunctionVersion(
                new VersionId(name, 1),
                Language.C,
                FunctionLimits.DEFAULT,
                Map.of(),
                Isolation.SHARED,
                1,
                "0".repeat(64));
    }
}
