package baton;

import baton.build.Progress;
import baton.config.PlatformConfig;
import java.io.PrintStream;
import java.net.InetAddress;

/// What `up` says to the person at the terminal.
final class Announcer {
    private static final int FIRST_SECONDS = 3;
    private static final int LATER_SECONDS = 5;

    private final PrintStream out;
    private final long startedMillis;

    /// @param startedMillis when the process began, in milliseconds since 1970
    Announcer(PrintStream out, long startedMillis) {
        this.out = out;
        this.startedMillis = startedMillis;
    }

    /// Where log lines are shown.
    PrintStream logTerminal() {
        return out;
    }

    /// Shows steps that take longer than a second.
    Progress progress() {
        return (step, elapsed, done) -> {
            long seconds = elapsed.toSeconds();
            // Each second at first, so that it is seen to move, then less often.
            if (done || seconds <= FIRST_SECONDS || seconds % LATER_SECONDS == 0) {
                out.println("  " + step + (done ? ": done in " : " … ") + seconds + " s");
            }
        };
    }

    void ready(PlatformConfig config, Platform.Facts facts) {
        long millis = System.currentTimeMillis() - startedMillis;
        String host = host(config.bind());
        String functions = facts.functions() == 1 ? "1 function" : facts.functions() + " functions";
        out.printf("%nBaton %s is ready after %.2f s%n%n", BuildVersion.text(), millis / 1000.0);
        out.printf("  functions   http://%s:%d/function/NAME%n", host, facts.http());
        out.printf("  admin API   http://%s:%d%n", host, facts.admin());
        out.printf(
                "  workers     %d, chosen by %s%n",
                config.workers(), config.strategy().label());
        out.printf("  engine      %s%n", facts.engine());
        out.printf("  data        %s (%s)%n%n", config.data(), functions);
        if (!facts.notes().isEmpty()) {
            out.printf("  note: %s%n%n", facts.notes());
        }
        String target = facts.admin() == 8081 ? "" : " --admin-url http://" + host + ":" + facts.admin();
        out.printf("Try:  ./baton deploy%s examples/hello.c%n", target);
        out.printf("      curl http://%s:%d/function/hello%n", host, facts.http());
        out.printf("Stop: Ctrl+C; what is under way is finished first%n%n");
        out.flush();
    }

    /// The address as it stands in a URL; one that stands for all is reached on this machine by loopback.
    private static String host(String bind) {
        if (!bind.equals("localhost") && InetAddress.ofLiteral(bind).isAnyLocalAddress()) {
            return "127.0.0.1";
        }
        return bind.indexOf(':') >= 0 ? "[" + bind + "]" : bind;
    }

    void failed(String message) {
        out.println("error: " + message);
        out.flush();
    }
}
