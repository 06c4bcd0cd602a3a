package baton.build;

import java.nio.file.Path;

/// Which engine the platform runs, and so what the builder makes.
public sealed interface EngineKind {
    /// libwasmtime; compilers run under it too.
    record Wasmtime(Path library) implements EngineKind {}

    /// The pure-Java engine, which is too slow for compilers: C and C++ are refused.
    record Chicory() implements EngineKind {}

    /// As an argument of the builder's process.
    default String argument() {
        return switch (this) {
            case Wasmtime wasmtime -> wasmtime.library().toString();
            case Chicory _ -> "chicory";
        };
    }

    static EngineKind ofArgument(String argument) {
        return argument.equals("chicory") ? new Chicory() : new Wasmtime(Path.of(argument));
    }
}
