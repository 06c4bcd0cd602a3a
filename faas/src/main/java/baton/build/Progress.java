package baton.build;

import java.time.Duration;

/// Hears of steps that may last: about every second while one runs, and at its end.
@FunctionalInterface
public interface Progress {
    /// Hears nothing.
    Progress NONE = (step, elapsed, done) -> {};

    /// @param step what is done, such as `fetching the C and C++ compiler`
    /// @param elapsed since its beginning
    /// @param done whether it ended; said only of steps that were said to run
    void update(String step, Duration elapsed, boolean done);
}
