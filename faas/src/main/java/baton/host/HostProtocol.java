package baton.host;

/// Numbers of the frames between a worker and a language host; the package page describes the layout.
public final class HostProtocol {
    /// Version of the frames; the host names its own in the first frame of each connection.
    public static final int VERSION = 1;

    /// The most header fields that a response may have.
    public static final int MAX_FIELDS = 100;

    /// The most bytes that the header fields of a response may take in a frame.
    public static final int MAX_FIELD_BYTES = 64 << 10;

    /// How much of one invocation's stderr a host sends, in bytes.
    public static final int MAX_STDERR_BYTES = 16 << 10;

    static final int REQUEST = 1;
    static final int CANCEL = 2;
    static final int FLAG_SECURE = 1;
    static final int FLAG_HTTP11 = 2;

    /// Bytes of a request frame before its table of fields, the length included.
    static final int REQUEST_FIXED = 44;

    static final int CANCEL_BYTES = 12;

    /// Bytes of an answer frame before its header fields, the length included.
    static final int ANSWER_FIXED = 32;

    private HostProtocol() {}

    static void put16(byte[] target, int at, int value) {
        target[at] = (byte) value;
        target[at + 1] = (byte) (value >>> 8);
    }

    static void put32(byte[] target, int at, int value) {
        put16(target, at, value);
        put16(target, at + 2, value >>> 16);
    }

    static int u16(byte[] source, int at) {
        return (source[at] & 0xff) | (source[at + 1] & 0xff) << 8;
    }

    static int i32(byte[] source, int at) {
        return u16(source, at) | u16(source, at + 2) << 16;
    }
}
