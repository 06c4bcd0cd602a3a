package baton.admin;

import baton.posix.Descriptor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The connections that wait for their client to begin a request, so that they can be woken when the server
/// is closed. Safe for use by several threads.
final class Resting {
    private final Set<Descriptor> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    /// @return false when the server is being closed, so that waiting would be in vain
    boolean enter(Descriptor socket) {
        sockets.add(socket);
        if (closing) {
            sockets.remove(socket);
            return false;
        }
        return true;
    }

    void leave(Descriptor socket) {
        sockets.remove(socket);
    }

    void close() {
        closing = true;
        sockets.forEach(Descriptor::shutDown);
    }
}
