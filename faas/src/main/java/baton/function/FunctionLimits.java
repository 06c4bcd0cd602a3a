package baton.function;

import java.time.Duration;

/// What one invocation of a function may use. Exceeding a limit ends that invocation with its own error code.
///
/// @param memoryBytes linear memory of an instance, or the heap of a language host
/// @param timeout wall-clock time from the whole request to the whole answer
/// @param outputBytes what it may write to stdout
/// @param bodyBytes the request body that it accepts
/// @param concurrency invocations of it under way at once in one worker; further ones wait, then get 429
public record FunctionLimits(long memoryBytes, Duration timeout, long outputBytes, long bodyBytes, int concurrency) {
    /// The most linear memory that an instance slot of the engine's pool can hold.
    public static final long MAX_MEMORY_BYTES = 256L << 20;

    public static final Duration MAX_TIMEOUT = Duration.ofMinutes(15);

    public static final FunctionLimits DEFAULT =
            new FunctionLimits(64L << 20, Duration.ofSeconds(5), 4L << 20, 8L << 20, 64);

    /// @throws IllegalArgumentException naming the limit that is out of its range
    public FunctionLimits {
        require(memoryBytes >= 1 << 16 && memoryBytes <= MAX_MEMORY_BYTES, "memory must be 64Ki to 256Mi");
        require(timeout.toMillis() >= 1 && timeout.compareTo(MAX_TIMEOUT) <= 0, "timeout must be 1ms to 15m");
        require(outputBytes >= 1 && outputBytes <= 256L << 20, "max-output must be 1 to 256Mi");
        require(bodyBytes >= 0 && bodyBytes <= 256L << 20, "max-body must be 0 to 256Mi");
        require(concurrency >= 1 && concurrency <= 10_000, "concurrency must be 1 to 10000");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    public FunctionLimits withMemoryBytes(long bytes) {
        return new FunctionLimits(bytes, timeout, outputBytes, bodyBytes, concurrency);
    }

    public FunctionLimits withTimeout(Duration duration) {
        return new FunctionLimits(memoryBytes, duration, outputBytes, bodyBytes, concurrency);
    }

    public FunctionLimits withOutputBytes(long bytes) {
        return new FunctionLimits(memoryBytes, timeout, bytes, bodyBytes, concurrency);
    }

    public FunctionLimits withConcurrency(int count) {
        return new FunctionLimits(memoryBytes, timeout, outputBytes, bodyBytes, count);
    }
}
