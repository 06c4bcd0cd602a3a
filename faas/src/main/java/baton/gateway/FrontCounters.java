package baton.gateway;

import baton.function.ErrorCode;
import java.util.EnumMap;
import java.util.Map;

/// What the front door counted since the start. Written by the gateway's loop; others ask the loop for a
/// copy.
final class FrontCounters {
    long accepted;
    long handedOff;
    final Map<ErrorCode, Long> refused = new EnumMap<>(ErrorCode.class);
}
