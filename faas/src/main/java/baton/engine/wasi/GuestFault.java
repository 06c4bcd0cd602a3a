package baton.engine.wasi;

/// The guest passed a pointer beyond its linear memory. Becomes the errno `fault`.
public final class GuestFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Makes one without a stack trace: it is caught a few frames up.
    public GuestFault() {
        super("pointer beyond linear memory", null, false, false);
    }
}
