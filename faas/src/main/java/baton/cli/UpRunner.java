package baton.cli;

import baton.config.PlatformConfig;

/// Runs the platform in the foreground. The command line knows no server class; who starts it hands this in.
@FunctionalInterface
public interface UpRunner {
    /// Returns when the platform has stopped.
    ///
    /// @return exit code of the process
    int run(PlatformConfig config);
}
