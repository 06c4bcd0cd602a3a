package baton.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads and shows sizes in bytes: `4096`, `64Ki`, `64Mi`, `1Gi`, and `K`, `M`, `G` for the same powers of
/// 1024.
public final class ByteSize {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,15})\\s*([kKmMgG]?)(?:i?[bB]?)");

    private ByteSize() {}

    /// @throws ConfigException when the text is not a size
    public static long parse(String text) {
        Matcher matcher = SHAPE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new ConfigException("'" + text + "' is not a size: expected bytes such as 64Ki, 64Mi or 1Gi");
        }
        int shift = shift(matcher.group(2));
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new ConfigException("'" + text + "' is too large for a size");
        }
        return number << shift;
    }

    /// The shortest exact form: `64Mi` for 67108864.
    public static String format(long bytes) {
        for (int shift = 30; shift > 0; shift -= 10) {
            if (bytes != 0 && bytes % (1L << shift) == 0) {
                return (bytes >> shift) + suffix(shift);
            }
        }
        return Long.toString(bytes);
    }

    private static int shift(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            default -> 0;
        };
    }

    private static String suffix(int shift) {
        return switch (shift) {
            case 30 -> "Gi";
            case 20 -> "Mi";
            default -> "Ki";
        };
    }
}
