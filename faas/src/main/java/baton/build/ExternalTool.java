package baton.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A program of this machine, such as pip or npm, run to its end.
final class ExternalTool {
    private static final int OUTPUT_BYTES = 16 << 10;

    private ExternalTool() {}

    /// How a run ended.
    ///
    /// @param status exit status; -1 when it was ended at its time limit
    /// @param output the last of what it wrote to stdout and stderr
    record Result(int status, String output) {
        /// The last line that names an error, else the last line.
        String complaint() {
            List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
            return lines.reversed().stream()
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).contains("error"))
                    .findFirst()
                    .orElse(lines.isEmpty() ? "it wrote nothing" : lines.getLast())
                    .strip();
        }
    }

    /// Finds a program in `PATH`.
    static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Arrays.stream(path.split(Pattern.quote(java.io.File.pathSeparator), -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /// Runs a program in a directory, with the environment of this process.
    ///
    /// @throws IOException when it cannot be started
    static Result run(List<String> command, Path directory, Duration limit) throws IOException {
        Path log = Files.createTempFile(directory, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log.toFile())
                .start();
        return new Result(await(process, limit), tail(log));
    }

    /// Waits for a process, and ends it with its descendants at the limit.
    ///
    /// @return its exit status, or -1
    static int await(Process process, Duration limit) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return -1;
    }

    /// The last bytes of a text file.
    static String tail(Path file) throws IOException {
        long size = Files.size(file);
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(Math.max(0, size - OUTPUT_BYTES));
            return new String(in.readNBytes(OUTPUT_BYTES), StandardCharsets.UTF_8).strip();
        }
    }
}
