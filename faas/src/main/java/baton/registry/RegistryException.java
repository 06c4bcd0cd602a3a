package baton.registry;

/// A registry that cannot be read or written. The message names the file and the cure.
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What stands in the way.
    public enum Reason {
        /// Another program holds a lock for longer than Baton waits.
        LOCKED,
        /// The file is no database, or its pages contradict each other.
        DAMAGED,
        /// The disk is full or gives errors.
        DISK,
        /// The file or its directory may not be written.
        READ_ONLY,
        /// A newer release wrote it.
        NEWER,
        /// Anything else that SQLite reports.
        OTHER
    }

    private final Reason reason;

    public RegistryException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public RegistryException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
