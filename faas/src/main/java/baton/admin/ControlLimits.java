package baton.admin;

import java.time.Duration;

/// What clients of the control plane may take.
///
/// @param connections served at once, each on a thread of its own; further ones get 503
/// @param adopted how many of them may come from the public port, so that it cannot lock the admin port out
/// @param head time from the first byte of a request's head to its end
/// @param body time for a whole body
/// @param idle time that a connection may rest between two requests
/// @param write time that a client may take nothing of an answer
/// @param followers log streams at once
/// @param bodyBytes memory that all bodies under way take together
public record ControlLimits(
        int connections,
        int adopted,
        Duration head,
        Duration body,
        Duration idle,
        Duration write,
        int followers,
        long bodyBytes) {
    public static final ControlLimits DEFAULT = new ControlLimits(
            64,
            48,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            16,
            96L << 20);
}
