package baton.worker;

import baton.function.ErrorCode;
import org.jspecify.annotations.Nullable;

/// What is known of a connection's invocation under way, and what became of it. Owned like the connection.
final class Call {
    @Nullable
    FunctionEntry entry;
    /// Set when the invocation failed.
    @Nullable
    ErrorCode failure;

    long queueNanos;
    long execNanos;
    /// Time to load the module or to get a language host; 0 when it was there.
    long coldNanos;
    /// A request to serve in place of the answer: RFC 3875 §6.2.2, a local redirect.
    byte @Nullable [] redirect;

    /// Local redirects that this request went through.
    int redirects;

    void begin(FunctionEntry next) {
        entry = next;
        failure = null;
        queueNanos = 0;
        execNanos = 0;
        coldNanos = 0;
        redirect = null;
    }
}
