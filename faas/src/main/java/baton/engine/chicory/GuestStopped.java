package baton.engine.chicory;

/// Leaves the guest's frames when a host function ended it; [baton.engine.wasi.Wasi#stop] says why.
final class GuestStopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GuestStopped() {
        super("stopped by the host", null, false, false);
    }
}
