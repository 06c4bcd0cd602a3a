package baton.function;

import java.util.Locale;

/// Whether a function shares the workers of the shared pool or has workers of its own.
public enum Isolation {
    SHARED,
    DEDICATED;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException when the label is neither `shared` nor `dedicated`
    public static Isolation ofLabel(String label) {
        return switch (label) {
            case "shared" -> SHARED;
            case "dedicated" -> DEDICATED;
            default -> throw new IllegalArgumentException("bad isolation '" + label + "': use shared or dedicated");
        };
    }
}
