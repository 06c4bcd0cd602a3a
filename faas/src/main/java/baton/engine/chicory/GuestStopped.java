package baton.engine.chicory;

/// Leaves the guest's frames when a host function ended it; [baton.engine.wasi.Wasi#stop] says why.
final class GuestStopped extends RuntimeException {
    /// The only one: it is caught by the runner and carries nothing.
    static final GuestStopped INSTANCE = new GuestStopped();

    private static final long serialVersionUID = 1L;

    private GuestStopped() {
        super("stopped by the host", null, false, false);
    }
}
