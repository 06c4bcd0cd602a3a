package baton.engine;

/// A module that cannot be compiled or loaded; the message says why in a sentence for its author.
public final class InvalidModuleException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidModuleException(String message) {
        super(message);
    }

    public InvalidModuleException(String message, Throwable cause) {
        super(message, cause);
    }
}
