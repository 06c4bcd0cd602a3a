package baton;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How long this process has run, to a hundredth of a second: the Java API knows its start only to the second
/// ([proc(5)](https://man7.org/linux/man-pages/man5/proc.5.html), `stat` field 22 and `uptime`).
final class ProcessAge {
    private static final int FIELDS_BEFORE_START = 19;
    private static final long TICK_MILLIS = 10;

    private ProcessAge() {}

    static long millis() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long startMillis = Long.parseLong(afterName[FIELDS_BEFORE_START]) * TICK_MILLIS;
            String uptime = Files.readString(Path.of("/proc/uptime")).split(" ")[0];
            return Math.max(0, (long) (Double.parseDouble(uptime) * 1000) - startMillis);
        } catch (IOException e) {
            return 0;
        }
    }
}
