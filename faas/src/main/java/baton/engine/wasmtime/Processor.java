package baton.engine.wasmtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What this machine's processor can do, as far as compiled code depends on it.
final class Processor {
    private static final Path INFO = Path.of("/proc/cpuinfo");

    private Processor() {}

    /// @return a short name for the set of instructions, equal on equal processors; see proc(5)
    static String features() {
        try (Stream<String> lines = Files.lines(INFO)) {
            return lines.filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .findFirst()
                    .map(line -> Integer.toHexString(line.hashCode()))
                    .orElse("generic");
        } catch (IOException _) {
            return "generic";
        }
    }
}
