package baton.wire;

import baton.function.FunctionName;
import baton.function.FunctionVersion;
import baton.function.RouteTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A change of the route table as frames, and the receiving side that puts them together again.
public final class TableChange {
    private TableChange() {}

    /// The frames that lead from one snapshot to another.
    ///
    /// @param before what the worker has, or [RouteTable#EMPTY] for a new worker, which gets everything
    public static List<byte[]> frames(RouteTable before, RouteTable after) {
        ByteBuffer frame = ByteBuffer.allocate(Protocol.MAX_FRAME_BYTES).order(ByteOrder.nativeOrder());
        List<byte[]> frames = new ArrayList<>();
        begin(frame, Protocol.Type.CHANGE_BEGIN).putLong(after.number()).put((byte) (before.number() == 0 ? 1 : 0));
        end(frame, frames);
        for (FunctionVersion version : after.live().values()) {
            if (!version.equals(before.live().get(version.name().value()))) {
                VersionCodec.put(begin(frame, Protocol.Type.VERSION_LIVE), version);
                end(frame, frames);
            }
        }
        for (String name : before.live().keySet()) {
            if (!after.live().containsKey(name)) {
                VersionCodec.putString(begin(frame, Protocol.Type.FUNCTION_GONE), name);
                end(frame, frames);
            }
        }
        for (Map.Entry<String, FunctionName> route : after.routes().entrySet()) {
            if (!route.getValue().equals(before.routes().get(route.getKey()))) {
                VersionCodec.putString(begin(frame, Protocol.Type.ROUTE_ADDED), route.getKey());
                VersionCodec.putString(frame, route.getValue().value());
                end(frame, frames);
            }
        }
        for (String key : before.routes().keySet()) {
            if (!after.routes().containsKey(key)) {
                VersionCodec.putString(begin(frame, Protocol.Type.ROUTE_GONE), key);
                end(frame, frames);
            }
        }
        begin(frame, Protocol.Type.CHANGE_END).putLong(after.number());
        end(frame, frames);
        return frames;
    }

    private static ByteBuffer begin(ByteBuffer frame, byte type) {
        return frame.clear().put(Protocol.VERSION).put(type);
    }

    private static void end(ByteBuffer frame, List<byte[]> frames) {
        byte[] bytes = new byte[frame.flip().limit()];
        frame.get(bytes);
        frames.add(bytes);
    }

    /// Collects the frames of one change. One thread at a time.
    public static final class Receiver {
        private final Map<String, FunctionVersion> live = new HashMap<>();
        private final Map<String, FunctionName> routes = new HashMap<>();
        private final List<FunctionVersion> added = new ArrayList<>();

        /// Takes one frame whose version and type were read already.
        ///
        /// @return whether the change is complete: then [#table] and [#takeAdded] tell the outcome
        public boolean accept(byte type, ByteBuffer frame) {
            switch (type) {
                case Protocol.Type.CHANGE_BEGIN -> {
                    frame.getLong();
                    if (frame.get() == 1) {
                        live.clear();
                        routes.clear();
                    }
                }
                case Protocol.Type.VERSION_LIVE -> {
                    FunctionVersion version = VersionCodec.version(frame);
                    live.put(version.name().value(), version);
                    added.add(version);
                }
                case Protocol.Type.FUNCTION_GONE -> live.remove(VersionCodec.string(frame));
                case Protocol.Type.ROUTE_ADDED ->
                    routes.put(VersionCodec.string(frame), new FunctionName(VersionCodec.string(frame)));
                case Protocol.Type.ROUTE_GONE -> routes.remove(VersionCodec.string(frame));
                case Protocol.Type.CHANGE_END -> {
                    return true;
                }
                default -> throw new IllegalArgumentException("frame type " + type + " is not part of a change");
            }
            return false;
        }

        /// The snapshot as it is after the change.
        public RouteTable table(long number) {
            return new RouteTable(number, live, routes);
        }

        /// The versions that the change made live, once.
        public List<FunctionVersion> takeAdded() {
            List<FunctionVersion> taken = List.copyOf(added);
            added.clear();
            return taken;
        }
    }
}
