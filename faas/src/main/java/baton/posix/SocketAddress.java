package baton.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// `sockaddr_in` and `sockaddr_in6` ([ip(7)](https://man7.org/linux/man-pages/man7/ip.7.html)) to and from
/// Java.
public final class SocketAddress {
    /// Room for either structure.
    public static final int MAX_BYTES = 28;

    private SocketAddress() {}

    /// Writes an address and port.
    ///
    /// @return bytes used
    static int write(MemorySegment target, InetAddress address, int port) {
        target.fill((byte) 0);
        target.set(JAVA_SHORT, 2, Short.reverseBytes((short) port));
        byte[] raw = address.getAddress();
        if (address instanceof Inet4Address) {
            target.set(JAVA_SHORT, 0, (short) Socket.AF_INET);
            MemorySegment.copy(raw, 0, target, JAVA_BYTE, 4, 4);
            return 16;
        }
        target.set(JAVA_SHORT, 0, (short) Socket.AF_INET6);
        MemorySegment.copy(raw, 0, target, JAVA_BYTE, 8, 16);
        return MAX_BYTES;
    }

    /// The port of a socket address.
    public static int port(MemorySegment source) {
        return Short.toUnsignedInt(Short.reverseBytes(source.get(JAVA_SHORT, 2)));
    }

    /// The address as text, such as `127.0.0.1`; IPv4 in IPv6 is shown as IPv4.
    public static String host(MemorySegment source) {
        boolean four = source.get(JAVA_SHORT, 0) == Socket.AF_INET;
        byte[] raw = new byte[four ? 4 : 16];
        MemorySegment.copy(source, JAVA_BYTE, four ? 4 : 8, raw, 0, raw.length);
        try {
            return InetAddress.getByAddress(raw).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }

    /// An IPv4 address in network byte order, or 0 when the address is of another family: what a handoff
    /// carries.
    public static int ipv4(MemorySegment source) {
        return source.get(JAVA_SHORT, 0) == Socket.AF_INET ? source.get(JAVA_INT, 4) : 0;
    }
}
