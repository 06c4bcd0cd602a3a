package baton.build;

/// A build that did not succeed.
public final class BuildException extends Exception {
    private static final long serialVersionUID = 1L;

    /// What was at fault; it decides the HTTP status.
    public enum Reason {
        /// The source: 422 with the compiler's own message, line and column.
        SOURCE,
        /// A limit of the build was hit, which the message names: 422.
        LIMIT,
        /// A tool is missing or could not be prepared: 503, the message tells the cure.
        TOOL,
        /// Too many builds wait: 429.
        BUSY,
        /// The platform: 500.
        PLATFORM
    }

    private final Reason reason;
    private final String detail;

    /// @param message one sentence
    /// @param detail the compiler's output, or an empty string
    public BuildException(Reason reason, String message, String detail) {
        super(message);
        this.reason = reason;
        this.detail = detail;
    }

    public Reason reason() {
        return reason;
    }

    public String detail() {
        return detail;
    }
}
