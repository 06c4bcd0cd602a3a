package baton.function;

import java.util.regex.Pattern;

/// The name of a function, as it stands in URLs, host names and the registry: `[a-z][a-z0-9-]{0,62}`.
///
/// @param value the name itself
public record FunctionName(String value) {
    private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    /// @throws IllegalArgumentException when the name has another shape; the message tells the rule
    public FunctionName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("bad function name '" + printable(value)
                    + "': a name is 1 to 63 of a-z, 0-9 and '-', and begins with a letter");
        }
    }

    public static boolean isValid(String value) {
        return SHAPE.matcher(value).matches();
    }

    private static String printable(String value) {
        String shown = value.length() > 80 ? value.substring(0, 80) + "…" : value;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public String toString() {
        return value;
    }
}
