package baton.build;

import baton.log.Log;
import baton.log.LogEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps the events that were logged.
final class RecordedLog implements Log {
    private final List<LogEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void event(Level level, LogEvent event, String invocation, Object... pairs) {
        events.add(event);
    }

    List<LogEvent> events() {
        return List.copyOf(events);
    }
}
