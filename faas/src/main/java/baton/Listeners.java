package baton;

import baton.config.PlatformConfig;
import baton.posix.TcpListener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;

/// Opens the platform's ports, or says why that cannot be.
final class Listeners {
    private static final int FIRST_UNPRIVILEGED = 1024;

    private Listeners() {}

    /// @param key of the port in the settings
    static TcpListener open(PlatformConfig config, String key, int port, int deferSeconds)
            throws IOException, StartException {
        InetAddress address = config.bind().equals("localhost")
                ? InetAddress.ofLiteral("127.0.0.1")
                : InetAddress.ofLiteral(config.bind());
        try {
            return TcpListener.open(address, port, deferSeconds);
        } catch (BindException e) {
            boolean denied = port > 0
                    && port < FIRST_UNPRIVILEGED
                    && String.valueOf(e.getMessage()).contains("denied");
            String cure = denied
                    ? "ports below 1024 need privilege; use --" + key + " with a higher one"
                    : "another program listens there; end it, or use --" + key
                            + " with another port (0 takes a free one)";
            throw new StartException("cannot listen on " + e.getMessage() + ": " + cure);
        }
    }
}
