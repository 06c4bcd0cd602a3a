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
import baton.http.ResponseHead;
import baton.http.Router;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What HTTP costs each request: reading its head, finding its function, writing the head of its response.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestHeadBenchmark {
    private static final byte[] REQUEST = ("GET /function/hello HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
                    + "User-Agent: curl/8.5.0\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n"
                    + "Connection: keep-alive\r\n\r\n")
            .getBytes(ISO_8859_1);

    private final RequestHead head = new RequestHead();
    private final RequestHead parsed = new RequestHead();
    private final Router router = new Router(RouteTable.EMPTY.with(hello(), List.of()), ".faas.local");
    private final Router.Match match = new Router.Match();
    private final ResponseHead response = new ResponseHead();

    public RequestHeadBenchmark() {
        parsed.parse(REQUEST, 0, REQUEST.length);
    }

    @Benchmark
    public int parse() {
        return head.parse(REQUEST, 0, REQUEST.length);
    }

    @Benchmark
    public Router.Match route() {
        router.route(parsed, REQUEST, match);
        return match;
    }

    @Benchmark
    public int respond() {
        response.clear();
        response.begin(200)
                .field("Content-Type", "text/plain")
                .field("X-Baton-Function", "hello")
                .contentLength(17)
                .end();
        return response.length();
    }

    private static FunctionVersion hello() {
        return new FunctionVersion(
                new VersionId(new FunctionName("hello"), 1),
                Language.C,
                FunctionLimits.DEFAULT,
                Map.of(),
                Isolation.SHARED,
                1,
                "0".repeat(64));
    }
}
