package baton.registry;

import baton.log.Log;
import baton.log.LogEvent;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps the events for a test to look at.
public final class RecordingLog implements Log {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void event(Level level, LogEvent event, String invocation, Object... pairs) {
        lines.add(event.label() + " " + Arrays.toString(pairs));
    }

    public List<String> lines() {
        return lines;
    }

    public boolean has(LogEvent event) {
        return lines.stream().anyMatch(line -> line.startsWith(event.label() + " "));
    }
}
