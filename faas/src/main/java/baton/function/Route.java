package baton.function;

import java.util.regex.Pattern;

/// A route: one method and one path that lead to a function. Its key is `METHOD:URI`, such as
/// `POST:/api/resize`.
///
/// The path is matched exactly, without the query. A trailing `/*` matches the path before it and everything
/// below.
///
/// @param method the request method, any token of RFC 9110 §5.6.2, in its own case
/// @param path an absolute path
public record Route(String method, String path) {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}");
    private static final Pattern PATH = Pattern.compile("/[!$%&'()*+,./0-9:;=@A-Z_a-z~-]{0,1023}");

    /// @throws IllegalArgumentException when method or path has another shape, or would hide the platform's
    ///     own paths
    public Route {
        if (!TOKEN.matcher(method).matches()) {
            throw new IllegalArgumentException("bad route method '" + method + "': expected a token such as GET");
        }
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "bad route path '" + path + "': expected an absolute path such as /api/x");
        }
        if (path.startsWith("/function/") || path.equals("/deploy") || path.equals("/invoke")) {
            throw new IllegalArgumentException("bad route path '" + path + "': it belongs to the platform");
        }
    }

    /// Reads `METHOD:URI` or `METHOD URI`.
    ///
    /// @throws IllegalArgumentException when the text is neither
    public static Route parse(String text) {
        int at = text.indexOf(':');
        int space = text.indexOf(' ');
        if (space > 0 && (at < 0 || space < at)) {
            at = space;
        }
        if (at <= 0) {
            throw new IllegalArgumentException(
                    "bad route '" + text + "': expected METHOD:URI such as POST:/api/resize");
        }
        return new Route(text.substring(0, at), text.substring(at + 1).strip());
    }

    /// The key of the route in the registry.
    public String key() {
        return method + ":" + path;
    }

    @Override
    public String toString() {
        return key();
    }
}
