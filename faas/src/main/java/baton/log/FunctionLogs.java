package baton.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// What functions write to stderr: one file for each, `data/logs/functions/NAME.log`, one line for each of
/// theirs with time, version, worker and invocation id before it.
///
/// Each file is rotated at 4 MiB, two in all. At most [#MAX_OPEN_FILES] are open; the one unused longest is
/// closed. Any thread may use it; the monitor of this object guards the map.
public final class FunctionLogs implements AutoCloseable {
    /// How many files are held open at once.
    public static final int MAX_OPEN_FILES = 64;

    /// The longest line that is kept whole, in characters.
    public static final int MAX_LINE_CHARS = 8 << 10;

    private static final long MAX_FILE_BYTES = 4 << 20;
    private static final int FILES = 2;
    private static final Pattern FILE_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final Path directory;
    private final Map<String, LogFile> open = new LinkedHashMap<>(16, 0.75f, true);

    /// @param data directory of the platform
    public FunctionLogs(Path data) {
        this.directory = data.resolve("logs").resolve("functions");
    }

    /// Where the newest lines of a function are; the file exists once there is a line.
    ///
    /// @throws IllegalArgumentException when the name could lead elsewhere
    public Path file(String function) {
        if (!FILE_NAME.matcher(function).matches()) {
            throw new IllegalArgumentException("bad function name for a log file: " + JsonText.quote(function));
        }
        return directory.resolve(function + ".log");
    }

    /// Appends what a function wrote, which may be several lines.
    ///
    /// @return how many lines were dropped because they could not be written
    public synchronized long append(
            String function, long epochMillis, String version, String worker, String invocation, String output) {
        LogFile file = opened(function);
        String head = Instant.ofEpochMilli(epochMillis) + " " + version + " " + worker + " "
                + (invocation.isEmpty() ? "-" : invocation) + " ";
        output.lines().forEach(line -> file.append(head + shown(line)));
        return file.takeDropped();
    }

    /// Deletes what a function left.
    public synchronized void delete(String function) throws IOException {
        LogFile file = opened(function);
        open.remove(function);
        file.delete();
    }

    @Override
    public synchronized void close() {
        open.values().forEach(LogFile::close);
        open.clear();
    }

    private LogFile opened(String function) {
        LogFile known = open.get(function);
        if (known != null) {
            return known;
        }
        if (open.size() >= MAX_OPEN_FILES) {
            Iterator<LogFile> oldest = open.values().iterator();
            oldest.next().close();
            oldest.remove();
        }
        LogFile made = new LogFile(file(function), MAX_FILE_BYTES, FILES);
        open.put(function, made);
        return made;
    }

    /// The line as a terminal may show it: control characters but the tab become visible, a long one is cut.
    private static String shown(String line) {
        String cut = line.length() > MAX_LINE_CHARS ? line.substring(0, MAX_LINE_CHARS) + "…" : line;
        if (cut.chars().noneMatch(FunctionLogs::isHidden)) {
            return cut;
        }
        StringBuilder to = new StringBuilder(cut.length() + 16);
        cut.chars().forEach(c -> {
            if (isHidden(c)) {
                to.append(String.format("\\x%02x", c));
            } else {
                to.append((char) c);
            }
        });
        return to.toString();
    }

    private static boolean isHidden(int c) {
        return c != '\t' && JsonText.isControl(c);
    }
}
