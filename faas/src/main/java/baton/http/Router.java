package baton.http;

import baton.function.FunctionName;
import baton.function.FunctionVersion;
import baton.function.RouteTable;

/// Decides what a request means, by the first rule that applies: the platform's own paths, `/function/NAME`,
/// a METHOD:URI
/// route, the host name. Gateway, workers and control plane use this class on the same snapshot, so that they
/// never disagree.
public final class Router {
    /// Where a request goes.
    public enum Kind {
        /// To the function in [Router#function].
        FUNCTION,
        /// `POST /deploy` or `POST /invoke`: to the control plane.
        CONTROL,
        /// To nobody: 404.
        NONE
    }

    private final RouteTable table;
    private final String hostSuffix;

    /// @param hostSuffix what follows the function's name in a host name, such as `.faas.local`
    public Router(RouteTable table, String hostSuffix) {
        this.table = table;
        this.hostSuffix = hostSuffix;
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
        public @org.jspecify.annotations.Nullable FunctionVersion function;
        /// Set when the path or host names a function, whether it exists or not.
        public @org.jspecify.annotations.Nullable FunctionName named;
        /// Where PATH_INFO begins in the request's buffer: everything before it is SCRIPT_NAME.
        public int scriptEnd;
    }

    /// Finds the target of a parsed request.
    ///
    /// @param buffer the array that the head was parsed from
    public void route(RequestHead head, byte[] buffer, Match match) {
        match.kind = Kind.NONE;
    }
}
