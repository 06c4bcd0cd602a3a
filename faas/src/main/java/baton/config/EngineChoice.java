package baton.config;

import java.util.Locale;

/// Which WebAssembly engine the workers run.
public enum EngineChoice {
    /// wasmtime where its library can be had, else Chicory.
    AUTO,
    WASMTIME,
    CHICORY;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
