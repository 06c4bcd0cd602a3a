package baton.log;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One event of the log with everything that its line shows.
///
/// @param epochMillis when it happened
/// @param event label of a [LogEvent]; a text, since a newer process may know more events
/// @param process who says it: `gateway`, `shared/0`
/// @param invocation id of the request it belongs to, or an empty string
/// @param fields what else there is to say, in order
public record LogLine(
        long epochMillis, Log.Level level, String event, String process, String invocation, List<Field> fields) {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final int PROCESS_COLUMN = 13;

    /// A key with its value.
    ///
    /// @param literal whether the value is a number or a truth value, which JSON writes without quotes
    public record Field(String key, String value, boolean literal) {}

    public LogLine {
        fields = List.copyOf(fields);
    }

    /// Makes a line out of keys and values in turn, as [Log#event] takes them.
    public static LogLine of(
            long epochMillis,
            Log.Level level,
            LogEvent event,
            String process,
            String invocation,
            @Nullable Object... pairs) {
        List<Field> fields = new ArrayList<>(pairs.length / 2 + 1);
        for (int at = 0; at < pairs.length; at += 2) {
            @Nullable Object value = at + 1 < pairs.length ? pairs[at + 1] : "";
            fields.add(new Field(String.valueOf(pairs[at]), String.valueOf(value), isLiteral(value)));
        }
        return new LogLine(epochMillis, level, event.label(), process, invocation, fields);
    }

    private static boolean isLiteral(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Integer _, Long _, Short _, Byte _, Boolean _ -> true;
            case Double number -> Double.isFinite(number);
            case Float number -> Float.isFinite(number);
            default -> false;
        };
    }

    /// One line of JSON (RFC 8259) without its line end.
    public String json() {
        StringBuilder to = new StringBuilder(160);
        to.append("{\"time\":\"")
                .append(Instant.ofEpochMilli(epochMillis))
                .append("\",\"level\":\"")
                .append(level);
        to.append("\",\"process\":");
        JsonText.append(to, process);
        to.append(",\"event\":");
        JsonText.append(to, event);
        if (!invocation.isEmpty()) {
            to.append(",\"invocation\":");
            JsonText.append(to, invocation);
        }
        for (Field field : fields) {
            to.append(',');
            JsonText.append(to, field.key());
            to.append(':');
            if (field.literal()) {
                to.append(field.value());
            } else {
                JsonText.append(to, field.value());
            }
        }
        return to.append('}').toString();
    }

    /// One line for people, without its line end:
    /// `12:00:01.123 INFO  gateway       worker_ready worker=shared/0 pid=4711`.
    public String text(ZoneId zone) {
        StringBuilder to = new StringBuilder(120);
        to.append(CLOCK.format(LocalTime.ofInstant(Instant.ofEpochMilli(epochMillis), zone)));
        to.append(' ').append(level).repeat(' ', 6 - level.name().length());
        to.append(process).repeat(' ', Math.max(1, PROCESS_COLUMN + 1 - process.length()));
        to.append(event);
        if (!invocation.isEmpty()) {
            appendPair(to, "invocation", invocation);
        }
        fields.forEach(field -> appendPair(to, field.key(), field.value()));
        return to.toString();
    }

    private static void appendPair(StringBuilder to, String key, String value) {
        to.append(' ').append(key).append('=');
        boolean plain = !value.isEmpty()
                && value.chars().allMatch(c -> c != ' ' && c != '"' && c != '\\' && !JsonText.isControl(c));
        if (plain) {
            to.append(value);
        } else {
            JsonText.append(to, value);
        }
    }
}
