package baton.cli.doctor;

import java.util.Locale;

/// What the doctor says about one tool or language.
///
/// @param name what was looked for
/// @param state whether it is there
/// @param detail where it is or what it is for
/// @param cure how to get it, or an empty string when it is there
record Finding(String name, State state, String detail, String cure) {
    /// Whether a tool is there.
    enum State {
        READY,
        /// Made or fetched by the platform itself when it is needed first.
        ON_DEMAND,
        MISSING,
        /// This release has no place for it yet.
        LATER;

        String label() {
            return this == ON_DEMAND ? "on demand" : name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ready(String name, String detail) {
        return new Finding(name, State.READY, detail, "");
    }

    static Finding missing(String name, String detail, String cure) {
        return new Finding(name, State.MISSING, detail, cure);
    }

    static Finding later(String name, String detail) {
        return new Finding(name, State.LATER, detail, "comes with a later release");
    }

    static Finding onDemand(String name, String detail, String cure) {
        return new Finding(name, State.ON_DEMAND, detail, cure);
    }
}
