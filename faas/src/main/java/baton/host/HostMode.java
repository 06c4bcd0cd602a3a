package baton.host;

/// What a host found its function to be, as its first frame says.
public enum HostMode {
    /// A handler: many invocations at once.
    HANDLER,
    /// A script that prints: one invocation at a time, and what it prints begins with an optional CGI header
    /// block.
    SCRIPT,
    /// It cannot be loaded; every invocation is answered with the reason.
    BROKEN
}
