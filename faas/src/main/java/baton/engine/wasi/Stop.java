package baton.engine.wasi;

/// Why a host function ended the guest.
public enum Stop {
    /// It did not.
    NONE,
    /// `proc_exit`; the code is in the context.
    EXIT,
    /// stdout went over the limit.
    OUTPUT,
    /// The deadline passed.
    DEADLINE,
    /// The host function itself failed; the context's failure says how.
    HOST_FAILURE
}
