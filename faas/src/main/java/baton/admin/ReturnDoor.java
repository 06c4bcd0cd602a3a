package baton.admin;

import baton.posix.Descriptor;

/// Where a client's connection goes back to the data plane after the control plane has answered on it.
@FunctionalInterface
public interface ReturnDoor {
    /// Takes the connection over, as if it had just been accepted. Must not block.
    ///
    /// @param socket owned by the callee from now on
    /// @param unread bytes that were read from it and belong to the next request
    void handBack(Descriptor socket, byte[] unread);
}
