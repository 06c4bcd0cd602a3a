package baton.log;

import org.jspecify.annotations.Nullable;

/// Writes events to the one log of all processes. Names of events are an interface: see [LogEvent].
public interface Log {
    /// Severity of an event.
    enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /// Writes one event.
    ///
    /// @param invocation id of the request it belongs to, or an empty string
    /// @param pairs keys and values in turn: `"worker", "shared/0", "pid", 4711`
    void event(Level level, LogEvent event, String invocation, @Nullable Object... pairs);

    default void debug(LogEvent event, @Nullable Object... pairs) {
        event(Level.DEBUG, event, "", pairs);
    }

    default void info(LogEvent event, @Nullable Object... pairs) {
        event(Level.INFO, event, "", pairs);
    }

    default void warn(LogEvent event, @Nullable Object... pairs) {
        event(Level.WARN, event, "", pairs);
    }

    default void error(LogEvent event, @Nullable Object... pairs) {
        event(Level.ERROR, event, "", pairs);
    }
}
