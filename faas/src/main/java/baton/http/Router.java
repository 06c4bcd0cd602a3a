package baton.http;

import baton.function.FunctionName;
import baton.function.FunctionVersion;
import baton.function.RouteTable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Decides what a request means, by the first rule that applies: the platform's own paths, `/function/NAME`,
/// a METHOD:URI route, the host name. Gateway, workers and control plane use this class on the same
/// snapshot, so that they never disagree. Immutable; any thread may ask it.
///
/// Paths are compared as sent, octet by octet: no escapes are decoded and no dots resolved.
public final class Router {
    private static final String FUNCTION = "/function/";
    private static final int MAX_NAME_BYTES = 63;

    /// Where a request goes.
    public enum Kind {
        /// To the function in [Match#function].
        FUNCTION,
        /// `POST /deploy` or `POST /invoke`: to the control plane.
        CONTROL,
        /// To nobody: 404.
        NONE
    }

    private final RouteTable table;
    private final String hostSuffix;
    private final String lowerHostSuffix;
    private final ByteTable<FunctionVersion> functions;
    private final RouteIndex routes;

    /// @param hostSuffix what follows the function's name in a host name, such as `.faas.local`
    public Router(RouteTable table, String hostSuffix) {
        this.table = table;
        this.hostSuffix = hostSuffix;
        lowerHostSuffix = hostSuffix.toLowerCase(Locale.ROOT);
        functions = new ByteTable<>(table.live());
        routes = new RouteIndex(table.routes());
    }

    public RouteTable table() {
        return table;
    }

    public String hostSuffix() {
        return hostSuffix;
    }

    /// A match, written by [#route]; one per thread, used again.
    public static final class Match {
        public Kind kind = Kind.NONE;
        /// Set when the kind is FUNCTION.
        public @Nullable FunctionVersion function;
        /// Set when a path, route or host names a function, whether it exists or not.
        public @Nullable FunctionName named;
        /// Where PATH_INFO begins in the request's buffer: everything before it is SCRIPT_NAME.
        public int scriptEnd;

        private final byte[] hostName = new byte[MAX_NAME_BYTES];
    }

    /// Finds the target of a parsed request.
    ///
    /// @param buffer the array that the head was parsed from
    public void route(RequestHead head, byte[] buffer, Match match) {
        match.kind = Kind.NONE;
        match.function = null;
        match.named = null;
        match.scriptEnd = head.pathEnd();
        int from = head.pathStart();
        int to = head.pathEnd();
        if (startsWith(buffer, from, to, FUNCTION)) {
            int nameStart = from + FUNCTION.length();
            int nameEnd = nameStart;
            while (nameEnd < to && buffer[nameEnd] != '/') {
                nameEnd++;
            }
            match.scriptEnd = nameEnd;
            named(buffer, nameStart, nameEnd, match);
        } else if (isControl(head, buffer, from, to)) {
            match.kind = Kind.CONTROL;
        } else if (routes.find(head, buffer, match)) {
            FunctionName name = match.named;
            found(name == null ? null : table.live().get(name.value()), match);
        } else {
            host(head, buffer, match);
        }
    }

    private static boolean isControl(RequestHead head, byte[] buffer, int from, int to) {
        // Both paths have seven octets.
        return to - from == 7
                && (startsWith(buffer, from, to, "/deploy") || startsWith(buffer, from, to, "/invoke"))
                && head.methodIs("POST");
    }

    /// Looks for NAME and the suffix, in any case, in the request's host.
    private void host(RequestHead head, byte[] buffer, Match match) {
        int from = head.hostStart();
        int nameEnd = head.hostEnd() - lowerHostSuffix.length();
        int length = nameEnd - from;
        if (length < 1 || length > MAX_NAME_BYTES) {
            return;
        }
        for (int i = 0; i < lowerHostSuffix.length(); i++) {
            if (Octets.lower(buffer[nameEnd + i]) != lowerHostSuffix.charAt(i)) {
                return;
            }
        }
        for (int i = 0; i < length; i++) {
            match.hostName[i] = (byte) Octets.lower(buffer[from + i]);
        }
        int pathStart = head.pathStart();
        boolean hasPath = pathStart < head.pathEnd() && buffer[pathStart] == '/';
        match.scriptEnd = hasPath ? pathStart : head.pathEnd();
        named(match.hostName, 0, length, match);
    }

    private void named(byte[] buffer, int from, int to, Match match) {
        FunctionVersion version = functions.get(buffer, from, to);
        if (version != null) {
            match.named = version.name();
            found(version, match);
        } else if (to - from <= MAX_NAME_BYTES) {
            String text = new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
            match.named = FunctionName.isValid(text) ? new FunctionName(text) : null;
        }
    }

    private static void found(@Nullable FunctionVersion version, Match match) {
        if (version != null) {
            match.function = version;
            match.kind = Kind.FUNCTION;
        }
    }

    private static boolean startsWith(byte[] buffer, int from, int to, String prefix) {
        if (to - from < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (buffer[from + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
