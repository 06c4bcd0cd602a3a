package baton.log;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// The log of the gateway, which also writes what the workers send: JSON lines into `baton.log`, text on the
/// terminal.
///
/// Lines are written by the calling thread. Nothing is logged per invocation above DEBUG, so that this is
/// rare enough not to need a queue. Any thread may use it.
public final class GatewayLog implements Log, AutoCloseable {
    private static final long MAX_FILE_BYTES = 16 << 20;
    private static final int FILES = 5;

    private final String process;
    private final LogFile file;
    private final PrintStream terminal;
    private final Level minimum;
    private final InstantSource clock;

    /// @param process name of this process in each line
    /// @param file where the JSON lines go
    /// @param terminal where the text goes
    /// @param minimum events below it are left out
    public GatewayLog(String process, LogFile file, PrintStream terminal, Level minimum, InstantSource clock) {
        this.process = process;
        this.file = file;
        this.terminal = terminal;
        this.minimum = minimum;
        this.clock = clock;
    }

    /// Opens the log of a platform: `data/logs/baton.log`, rotated at 16 MiB, five files in all.
    public static GatewayLog open(Path data, PrintStream terminal, Level minimum) {
        LogFile file = new LogFile(data.resolve("logs").resolve("baton.log"), MAX_FILE_BYTES, FILES);
        return new GatewayLog("gateway", file, terminal, minimum, InstantSource.system());
    }

    @Override
    public void event(Level level, LogEvent event, String invocation, @Nullable Object... pairs) {
        if (level.compareTo(minimum) >= 0) {
            write(LogLine.of(clock.millis(), level, event, process, invocation, pairs));
        }
    }

    /// Writes a line that another process sent.
    public void relay(LogLine line) {
        if (line.level().compareTo(minimum) >= 0) {
            write(line);
        }
    }

    @Override
    public void close() {
        file.close();
    }

    private void write(LogLine line) {
        if (file.append(line.json())) {
            reportDropped();
        }
        terminal.println(line.text(ZoneId.systemDefault()));
    }

    private void reportDropped() {
        long dropped = file.takeDropped();
        if (dropped > 0) {
            LogLine report =
                    LogLine.of(clock.millis(), Level.WARN, LogEvent.LOG_LINES_DROPPED, process, "", "count", dropped);
            file.append(report.json());
            terminal.println(report.text(ZoneId.systemDefault()));
        }
    }
}
