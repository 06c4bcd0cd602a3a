package baton;

/// The platform cannot start; the message names the cause and the cure.
final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }
}
