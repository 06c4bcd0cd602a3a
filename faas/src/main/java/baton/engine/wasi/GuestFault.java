package baton.engine.wasi;

/// The guest passed a pointer beyond its linear memory. Becomes the errno `fault`.
public final class GuestFault extends RuntimeException {
    /// The only one: it is caught a few frames up and carries nothing.
    public static final GuestFault INSTANCE = new GuestFault();

    private static final long serialVersionUID = 1L;

    private GuestFault() {
        super("pointer beyond linear memory", null, false, false);
    }
}
