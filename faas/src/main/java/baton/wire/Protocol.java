package baton.wire;

/// Numbers of the protocol between the gateway and a worker.
///
/// The two share an unnamed `SOCK_SEQPACKET` pair: one message is one frame, a descriptor travels with the
/// frame that is about it, and the order of frames is the order in which they act. A frame is a version
/// byte, a type byte and the fields named here, in native byte order, since both ends run on one machine. A
/// frame of another version or type ends the connection: gateway and workers start from the same jar.
public final class Protocol {
    public static final byte VERSION = 1;

    /// No frame is longer; longer state (an unread remainder) is cut before a connection is moved.
    public static final int MAX_FRAME_BYTES = 96 << 10;

    /// The most unread bytes that travel with a connection.
    public static final int MAX_UNREAD_BYTES = 64 << 10;

    /// Room asked for in each direction of the pair, in bytes.
    public static final int SOCKET_BUFFER_BYTES = 1 << 20;

    /// The worker's descriptor of the pair, and that of the telemetry socket.
    public static final int CONTROL_DESCRIPTOR = 3;

    public static final int TELEMETRY_DESCRIPTOR = 4;

    private Protocol() {}

    /// Types of frames. Odd ones go to the worker, even ones to the gateway.
    public static final class Type {
        /// A client's connection, with its descriptor: see [ConnectionFrame].
        public static final byte CONNECTION = 1;
        /// Begins a change of the route table: `long number, byte whole` (1: forget everything before).
        public static final byte CHANGE_BEGIN = 3;
        /// A version made live: see [VersionCodec].
        public static final byte VERSION_LIVE = 5;
        /// A function removed: `string name`.
        public static final byte FUNCTION_GONE = 7;
        /// A route added: `string key, string function`.
        public static final byte ROUTE_ADDED = 9;
        /// A route removed: `string key`.
        public static final byte ROUTE_GONE = 11;
        /// Ends a change: `long number`. The worker makes it the one in force and answers APPLIED.
        public static final byte CHANGE_END = 13;
        /// A stream to a language host, with its descriptor: `string versionId`.
        public static final byte HOST = 15;
        /// No host can be had: `string versionId, string reason`.
        public static final byte HOST_FAILED = 17;
        /// A version that is not live but may be invoked by its id: see [VersionCodec].
        public static final byte PAST_VERSION = 21;
        /// Finish what is under way and end: `int deadlineMillis, byte move`. With move 1 connections are
        /// handed back between two requests, to go on elsewhere; with 0 they are closed.
        public static final byte DRAIN = 19;

        /// The worker is there: `long pid`.
        public static final byte HELLO = 2;
        /// The worker has warmed up and may be given connections: `long startMillis`.
        public static final byte READY = 4;
        /// Connections adopted since the worker's start: `long count`. Before it the gateway still owns its
        /// copy.
        public static final byte ADOPTED = 6;
        /// A change is in force: `long number`.
        public static final byte APPLIED = 8;
        /// A connection whose next request is not for a worker, with its descriptor: see [ConnectionFrame].
        public static final byte CONNECTION_BACK = 10;
        /// A connection at rest that another worker should have, with its descriptor: see [ConnectionFrame].
        public static final byte CONNECTION_MOVED = 18;
        /// A stream to a language host is wanted: `string versionId`.
        public static final byte HOST_WANTED = 12;
        /// A host does not answer and should be ended: `string versionId`.
        public static final byte HOST_STUCK = 16;
        /// A module could not be loaded: `string versionId, string reason`.
        public static final byte MODULE_REJECTED = 14;

        private Type() {}
    }
}
