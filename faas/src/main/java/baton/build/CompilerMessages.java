package baton.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What clang and wasm-ld wrote, as the author of the source is to read it.
final class CompilerMessages {
    /// What is kept of them.
    static final int LIMIT_BYTES = 64 << 10;

    private static final List<String> MEMORY = List.of("out of memory", "bad_alloc", "Cannot allocate memory");

    private CompilerMessages() {}

    /// Reads messages, with the author's name of the source in place of the builder's own.
    static String read(Path file, String fileName) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LIMIT_BYTES);
        }
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        String named = withoutRepeats(text).replace(ClangArguments.OBJECT + ":", fileName + ":");
        return bytes.length < LIMIT_BYTES ? named : named + "\n(The compiler said more than is kept.)";
    }

    /// Runs of equal lines are cut: a source that includes itself has hundreds.
    private static String withoutRepeats(String text) {
        StringBuilder kept = new StringBuilder();
        String before = "";
        for (String line : text.lines().toList()) {
            if (!line.equals(before)) {
                kept.append(line).append('\n');
            }
            before = line;
        }
        return kept.toString().strip();
    }

    /// Whether the compiler gave up for lack of memory.
    static boolean tellOfMemory(String messages) {
        return MEMORY.stream().anyMatch(messages::contains);
    }
}
