package baton.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The body that an invocation gets.
public final class PayloadOptions {
    @Option(
            names = {"-d", "--data"},
            paramLabel = "DATA",
            description = "the body, as given")
    private @Nullable String data;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "file with the body")
    private @Nullable Path file;

    /// Whether a body was given.
    public boolean isGiven() {
        return data != null || file != null;
    }

    /// The body; empty when none was given.
    ///
    /// @throws CommandException when both were given, or the file cannot be read
    public byte[] bytes() {
        if (data != null && file != null) {
            throw CommandException.usage("give the body with -d or with -f, not with both");
        }
        if (file != null) {
            return LocalFile.read(file);
        }
        return data == null ? new byte[0] : data.getBytes(StandardCharsets.UTF_8);
    }
}
