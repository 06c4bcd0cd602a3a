package baton.admin;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes such as `64Mi` and times such as `1s`, as the command line and the API write them.
final class Quantity {
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,12})([A-Za-z]{0,3})");
    private static final Map<String, Long> BYTES =
            Map.of("", 1L, "B", 1L, "Ki", 1L << 10, "Mi", 1L << 20, "Gi", 1L << 30, "k", 1_000L, "M", 1_000_000L);
    private static final Map<String, Long> NANOS =
            Map.of("us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L);

    private Quantity() {}

    static long bytes(String parameter, String text) throws Refusal {
        return scaled(parameter, text, BYTES, "a size such as 64Mi or 512Ki");
    }

    static Duration duration(String parameter, String text) throws Refusal {
        return Duration.ofNanos(scaled(parameter, text, NANOS, "a time such as 500ms, 5s or 2m"));
    }

    static int count(String parameter, String text) throws Refusal {
        return (int) Math.min(Integer.MAX_VALUE, scaled(parameter, text, Map.of("", 1L), "a whole number"));
    }

    private static long scaled(String parameter, String text, Map<String, Long> units, String expected) throws Refusal {
        Matcher matcher = NUMBER.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw Refusal.badRequest("bad " + parameter + " '" + text + "': expected " + expected);
        }
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        } catch (ArithmeticException e) {
            throw Refusal.badRequest("bad " + parameter + " '" + text + "': it is too large");
        }
    }
}
