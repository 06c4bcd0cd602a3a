package baton.cli.bench;

import baton.cli.AdminClient;
import baton.cli.CommandException;
import baton.cli.ConnectionOptions;
import baton.cli.ExitCode;
import baton.cli.OutputOptions;
import baton.cli.PayloadOptions;
import baton.cli.PlatformInfo;
import baton.cli.Terminal;
import baton.config.ConfigException;
import baton.config.Durations;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Loads a function with concurrent clients and reports rate, latencies and errors.
@Command(
        name = "bench",
        header = "Load a function and report rate, latencies and errors.",
        description = {
            "",
            "Each client has a connection of its own and sends its next request when it has the whole answer.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./baton bench hello -c 10 -n 1000",
            "  ./baton bench hello -c 64 --duration 30s",
            "  ./baton bench echo -c 10 -n 1000 -d 'some text'",
            "  ./baton bench hello -c 10 -n 1000 --no-keepalive -o json"
        })
public final class BenchCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofHours(24);

    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "the function")
    private String name = "";

    @Option(names = "-c", paramLabel = "N", description = "clients at once, 1 to 1000 (default 10)")
    private int connections = 10;

    @Option(names = "-n", paramLabel = "N", description = "requests in all (default 1000)")
    private @Nullable Long requests;

    @Option(names = "--duration", paramLabel = "TIME", description = "send for so long instead, such as 30s")
    private @Nullable String duration;

    @Mixin
    private PayloadOptions payload = new PayloadOptions();

    @Option(names = "--no-keepalive", description = "a new connection for each request")
    private boolean noKeepAlive;

    @Option(names = "--url", paramLabel = "URL", description = "where functions answer; else what the platform says")
    private @Nullable String url;

    @Option(names = "--path", paramLabel = "PATH", description = "path and query; else /function/NAME")
    private @Nullable String path;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    public BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        LoadPlan plan = plan();
        try {
            LoadReport report = new LoadRun(plan, terminal).run();
            if (report.answered() == 0 && report.errors().containsKey("connection refused")) {
                throw CommandException.unreachable("nothing answers at " + plan.address()
                        + " (connection refused): start the platform with ./baton up, or give its port with --url");
            }
            if (!output.printed(terminal, report.json())) {
                report.print(terminal.out());
            }
            return report.failed() >= report.answered() ? ExitCode.FAILED : ExitCode.DONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failed("interrupted", e);
        }
    }

    private LoadPlan plan() {
        if (connections < 1 || connections > LoadPlan.MAX_CONNECTIONS) {
            throw CommandException.usage("bad -c " + connections + ": 1 to " + LoadPlan.MAX_CONNECTIONS);
        }
        if (requests != null && duration != null) {
            throw CommandException.usage("give -n or --duration, not both");
        }
        long count = requests == null ? 1000 : requests;
        if (count < 1 || count == Long.MAX_VALUE) {
            throw CommandException.usage("bad -n " + count + ": expected at least 1");
        }
        URI base = AdminClient.parseUrl(
                url != null ? url : PlatformInfo.of(connection.client()).httpUrl());
        InetSocketAddress address = new InetSocketAddress(
                base.getHost().replaceAll("[\\[\\]]", ""), base.getPort() < 0 ? 80 : base.getPort());
        if (address.isUnresolved()) {
            throw CommandException.usage("bad --url: unknown host " + base.getHost());
        }
        return new LoadPlan(
                address,
                request(base),
                connections,
                duration == null ? count : Long.MAX_VALUE,
                duration == null ? LONGEST : parsed(duration),
                !noKeepAlive);
    }

    private static Duration parsed(String text) {
        try {
            Duration duration = Durations.parse(text);
            if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
                throw CommandException.usage("bad --duration '" + text + "': 1ms to 24h");
            }
            return duration;
        } catch (ConfigException e) {
            throw CommandException.usage("bad --duration: " + e.getMessage(), e);
        }
    }

    private byte[] request(URI base) {
        String target = path != null ? path : "/function/" + AdminClient.encode(name);
        if (!target.matches("/[!-~]*")) {
            throw CommandException.usage("bad --path '" + target + "': expected one such as /api/x?size=3");
        }
        byte[] body = payload.bytes();
        StringBuilder head = new StringBuilder(256);
        head.append(payload.isGiven() ? "POST " : "GET ").append(target).append(" HTTP/1.1\r\nHost: ");
        head.append(base.getRawAuthority()).append("\r\nUser-Agent: baton-bench\r\n");
        if (noKeepAlive) {
            head.append("Connection: close\r\n");
        }
        if (payload.isGiven()) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] headBytes = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[headBytes.length + body.length];
        System.arraycopy(headBytes, 0, whole, 0, headBytes.length);
        System.arraycopy(body, 0, whole, headBytes.length, body.length);
        return whole;
    }
}
