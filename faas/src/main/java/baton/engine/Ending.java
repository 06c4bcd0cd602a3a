package baton.engine;

/// How an invocation in an instance ended.
public enum Ending {
    /// `_start` returned, or the function exited with 0.
    RETURNED,
    /// It exited with another code, which the context holds.
    EXITED,
    /// A WebAssembly trap: unreachable, out-of-bounds access, division by zero, stack overflow and the like.
    TRAPPED,
    /// The deadline passed, in guest code or in a blocking host function.
    TIMED_OUT,
    /// It failed (trapped or exited with a code other than 0) at its memory limit.
    OUT_OF_MEMORY,
    /// It wrote more to stdout than allowed.
    OUTPUT_TOO_LARGE,
    /// The platform could not make the instance, for example because the engine's pool is exhausted.
    REFUSED
}
