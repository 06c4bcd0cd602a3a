package baton.cli;

/// The exit codes of the contract.
public final class ExitCode {
    public static final int DONE = 0;
    /// The request failed: the platform said no, or a local file could not be read.
    public static final int FAILED = 1;
    /// Wrong usage: an unknown option, a value out of its range.
    public static final int USAGE = 2;
    /// The platform is not reachable.
    public static final int UNREACHABLE = 3;

    private ExitCode() {}
}
