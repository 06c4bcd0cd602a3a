package baton.cli;

import org.jspecify.annotations.Nullable;

/// Ends a command with one line that names cause and cure, and an exit code.
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String detail;

    private CommandException(int exitCode, String message, String detail, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.detail = detail;
    }

    public static CommandException failed(String message) {
        return new CommandException(ExitCode.FAILED, message, "", null);
    }

    public static CommandException failed(String message, Throwable cause) {
        return new CommandException(ExitCode.FAILED, message, "", cause);
    }

    /// @param detail text of several lines to show as it is, such as a compiler's output
    public static CommandException failedWith(String message, String detail) {
        return new CommandException(ExitCode.FAILED, message, detail, null);
    }

    public static CommandException usage(String message) {
        return new CommandException(ExitCode.USAGE, message, "", null);
    }

    public static CommandException usage(String message, Throwable cause) {
        return new CommandException(ExitCode.USAGE, message, "", cause);
    }

    public static CommandException unreachable(String message) {
        return new CommandException(ExitCode.UNREACHABLE, message, "", null);
    }

    public static CommandException unreachable(String message, Throwable cause) {
        return new CommandException(ExitCode.UNREACHABLE, message, "", cause);
    }

    public int exitCode() {
        return exitCode;
    }

    public String detail() {
        return detail;
    }

    public String sentence() {
        String message = getMessage();
        return message == null ? "unknown cause" : message;
    }
}
