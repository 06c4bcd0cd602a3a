package baton.build;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A Java process of the same class path with limits of its own, made by the shell's `ulimit` (POSIX.1-2017)
/// and
/// `nice`, which every Linux system has.
final class ChildJvm {
    /// Limits of a process; what it reserves but does not use is not counted.
    ///
    /// @param dataKib private writable memory in KiB, see `RLIMIT_DATA` in getrlimit(2)
    /// @param cpuSeconds processor time, see `RLIMIT_CPU`
    /// @param fileBlocks largest file in blocks of 512 bytes, see `RLIMIT_FSIZE`
    /// @param openFiles see `RLIMIT_NOFILE`
    /// @param heapMib largest Java heap
    /// @param niceness see nice(1): functions come before builds
    record Limits(long dataKib, long cpuSeconds, long fileBlocks, int openFiles, int heapMib, int niceness) {}

    private ChildJvm() {}

    /// A process that is ready to be started, with an environment of its own that holds no secrets.
    static ProcessBuilder prepare(Limits limits, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add("/bin/sh");
        command.add("-c");
        command.add(script(limits));
        command.add("baton-builder");
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms8m",
                "-Xmx" + limits.heapMib() + "m",
                "-XX:ReservedCodeCacheSize=32m",
                "-XX:-UsePerfData",
                "-XX:+DisableAttachMechanism",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                absoluteClassPath()));
        command.add(mainClass);
        command.addAll(arguments);
        ProcessBuilder process = new ProcessBuilder(command);
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        process.environment().clear();
        process.environment().putAll(Map.of("PATH", path, "LANG", "C.UTF-8"));
        process.directory(new File("/"));
        return process;
    }

    /// The process gets another working directory than ours, and a class path may be relative.
    private static String absoluteClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /// A limit that cannot be set is stricter already, so its failure is no reason to stop.
    private static String script(Limits limits) {
        return "ulimit -c 0; ulimit -d " + limits.dataKib() + "; ulimit -t " + limits.cpuSeconds() + "; ulimit -f "
                + limits.fileBlocks() + "; ulimit -n " + limits.openFiles() + "; exec nice -n " + limits.niceness()
                + " \"$@\"";
    }
}
