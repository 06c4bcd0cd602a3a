package baton.gateway;

import baton.posix.Descriptor;

/// Takes connections whose request is for the control plane.
@FunctionalInterface
public interface ControlDoor {
    /// Takes a connection over.
    ///
    /// @param unread bytes that were read from it already
    void adopt(Descriptor socket, byte[] unread);
}
