package baton.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads and shows durations: `100ms`, `5s`, `1m`, `1h`. A unit is required, so that nobody has to guess it.
public final class Durations {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,12})\\s*(ms|s|m|h)");

    private Durations() {}

    /// @throws ConfigException when the text is not a duration
    public static Duration parse(String text) {
        Matcher matcher = SHAPE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new ConfigException(
                    "'" + text + "' is not a duration: expected a number and a unit such as 100ms," + " 5s or 1m");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /// The shortest exact form down to milliseconds: `5s`, `1m`, `1500ms`.
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
