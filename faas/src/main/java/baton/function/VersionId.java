package baton.function;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The id of one immutable version of a function: `NAME_EPOCHSECONDS`, such as `hello_1760055556`.
///
/// @param name the function
/// @param epochSeconds when the version was deployed, in seconds since 1970; made unique within its function
public record VersionId(FunctionName name, long epochSeconds) {
    private static final Pattern SHAPE = Pattern.compile("([a-z][a-z0-9-]{0,62})_([0-9]{1,18})");

    /// @throws IllegalArgumentException when the text is not an id
    public static VersionId parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("bad version id '" + text + "': expected NAME_EPOCHSECONDS");
        }
        return new VersionId(new FunctionName(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    public static boolean isValid(String text) {
        return SHAPE.matcher(text).matches();
    }

    @Override
    public String toString() {
        return name + "_" + epochSeconds;
    }
}
