package baton.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What the kernel tells about this process ([proc(5)](https://man7.org/linux/man-pages/man5/proc.5.html)).
public final class ProcFiles {
    private static final Path MEMORY = Path.of("/proc/self/statm");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long PAGE_BYTES = 4096;

    private ProcFiles() {}

    /// Resident memory in bytes, or 0 where the kernel does not tell.
    public static long residentBytes() {
        try {
            String[] pages = Files.readString(MEMORY, StandardCharsets.US_ASCII).split(" ");
            return Long.parseLong(pages[1]) * PAGE_BYTES;
        } catch (IOException e) {
            return 0;
        }
    }

    /// Open descriptors, or 0 where the kernel does not tell.
    public static long openDescriptors() {
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.count();
        } catch (IOException e) {
            return 0;
        }
    }
}
