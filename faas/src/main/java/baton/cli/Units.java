package baton.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Values of the API as people read them: a number whose key names its unit, such as `residentBytes`, as
/// `73.8 MiB`; a moment in the time zone of this machine; a checksum by its first digits. `-o json` shows
/// all of them as they are.
final class Units {
    private static final Set<String> MOMENTS = Set.of("started", "deployed", "updated");
    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB"};
    private static final int CHECKSUM_DIGITS = 12;

    private Units() {}

    /// The key without the unit that the value is then shown with: `residentBytes` is `resident`.
    static String label(String key) {
        return key.replaceFirst("(?<=[a-z0-9])_?(Bytes|bytes|Millis|Micros)$", "");
    }

    /// What is shown for a value, or empty when it has no unit.
    static Optional<String> text(String key, JsonElement value) {
        if (!(value instanceof JsonPrimitive primitive)) {
            return Optional.empty();
        }
        if (primitive.isNumber()) {
            return number(key, primitive.getAsLong());
        }
        if (MOMENTS.contains(key)) {
            return moment(primitive.getAsString());
        }
        String text = primitive.getAsString();
        boolean checksum = key.equals("sha256") && text.length() > CHECKSUM_DIGITS;
        return checksum ? Optional.of(text.substring(0, CHECKSUM_DIGITS)) : Optional.empty();
    }

    private static Optional<String> number(String key, long number) {
        if (key.endsWith("Bytes") || key.endsWith("_bytes")) {
            return Optional.of(size(number));
        }
        if (key.endsWith("Millis")) {
            return Optional.of(number >= 1000 ? tidy(number / 1000.0) + " s" : number + " ms");
        }
        if (key.endsWith("Micros")) {
            return Optional.of(number >= 1000 ? tidy(number / 1000.0) + " ms" : number + " µs");
        }
        return Optional.empty();
    }

    private static String size(long bytes) {
        double rest = bytes;
        int unit = 0;
        while (rest >= 1024 && unit < SIZES.length - 1) {
            rest /= 1024;
            unit++;
        }
        return (unit == 0 ? Long.toString(bytes) : tidy(rest)) + " " + SIZES[unit];
    }

    /// With one digit behind the point, unless it is a nought.
    private static String tidy(double number) {
        String text = String.format(Locale.ROOT, "%.1f", number);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static Optional<String> moment(String text) {
        try {
            LocalDateTime local = LocalDateTime.ofInstant(Instant.parse(text), ZoneId.systemDefault());
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%s %02d:%02d:%02d",
                    local.toLocalDate(),
                    local.getHour(),
                    local.getMinute(),
                    local.getSecond()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
