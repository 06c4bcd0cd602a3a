package baton.worker;

import baton.engine.wasi.Environment;
import baton.engine.wasi.EnvironmentSource;
import baton.http.CgiConnection;
import baton.http.CgiEnvironment;
import baton.posix.SocketAddress;
import baton.posix.Syscalls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the environment of the invocation at hand, if the function asks for it. One per slot.
final class RequestEnvironment implements EnvironmentSource {
    /// What a connection that the control plane opened has for a port.
    private static final int HTTP_PORT = 80;

    private final Syscalls syscalls;
    private final CgiEnvironment cgi = new CgiEnvironment();
    private Invocations.@Nullable Request request;
    private @Nullable Connection connection;
    private @Nullable FunctionEntry entry;

    RequestEnvironment(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    void use(Invocations.Request next, Connection c, FunctionEntry function) {
        request = next;
        connection = c;
        entry = function;
    }

    @Override
    public void fill(Environment environment) {
        Invocations.Request current = request;
        Connection c = connection;
        FunctionEntry function = entry;
        if (current == null || c == null || function == null) {
            throw new IllegalStateException("no invocation is under way");
        }
        boolean hasBody = current.head().chunked() || current.head().hasContentLength();
        cgi.fill(
                current.head(),
                current.buffer(),
                current.match().scriptEnd,
                describe(syscalls, c),
                hasBody ? current.body().length() : -1,
                (buffer, nameFrom, nameTo, valueFrom, valueTo) -> {
                    environment.append(buffer, nameFrom, valueTo);
                    environment.end();
                });
        for (Map.Entry<String, String> own : function.version().environment().entrySet()) {
            environment.put(own.getKey(), own.getValue());
        }
    }

    /// The client of a connection, for variables and language hosts.
    static CgiConnection describe(Syscalls syscalls, Connection c) {
        int port = Short.toUnsignedInt(c.origin.peerPort());
        return new CgiConnection(address(syscalls, c), port, "localhost", serverPort(syscalls, c), false);
    }

    private static int serverPort(Syscalls syscalls, Connection c) {
        if (c.serverPort == 0) {
            boolean known = !c.origin.internal() && syscalls.socketName(c.fd) >= 0;
            c.serverPort = known ? SocketAddress.port(syscalls.peer()) : HTTP_PORT;
        }
        return c.serverPort;
    }

    private static String address(Syscalls syscalls, Connection c) {
        int ipv4 = c.origin.peerIpv4();
        if (c.origin.internal()) {
            return "127.0.0.1";
        }
        if (ipv4 == 0) {
            return syscalls.peerName(c.fd) < 0 ? "" : SocketAddress.host(syscalls.peer());
        }
        byte[] raw = ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(ipv4)
                .array();
        try {
            return InetAddress.getByAddress(raw).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are always an address", e);
        }
    }
}
