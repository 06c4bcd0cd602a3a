package baton.engine.wasi;

/// Gives the environment of an invocation when, and only when, the guest asks for it.
@FunctionalInterface
public interface EnvironmentSource {
    EnvironmentSource EMPTY = environment -> {};

    /// Puts every variable.
    void fill(Environment environment);
}
