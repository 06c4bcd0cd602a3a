package baton;

import baton.build.EngineKind;
import baton.config.PlatformConfig;
import baton.pool.WorkerLaunch;
import baton.posix.Descriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How a worker process is started: the virtual machine's flags, the subcommand's arguments and the
/// environment.
final class WorkerCommand {
    private static final int HEAP_MEBIBYTES = 96;
    /// The pure-Java engine keeps linear memory in the Java heap.
    private static final int CHICORY_HEAP_MEBIBYTES = 1024;

    private WorkerCommand() {}

    /// @param functions directory of the versions' files
    /// @param output where workers' stdout and stderr go
    /// @param aot what speeds up their start
    static WorkerLaunch of(PlatformConfig config, EngineKind engine, Path functions, Descriptor output, AotCaches aot) {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(AotCaches.WORKER_FLAGS);
        java.add("-Xmx" + (engine instanceof EngineKind.Chicory ? CHICORY_HEAP_MEBIBYTES : HEAP_MEBIBYTES) + "m");
        java.addAll(aot.flags("worker"));
        java.add("-cp");
        java.add(System.getProperty("java.class.path"));
        java.add("baton.Main");
        List<String> arguments = new ArrayList<>();
        switch (engine) {
            case EngineKind.Wasmtime wasmtime -> {
                arguments.add("engine=wasmtime");
                arguments.add("library=" + wasmtime.library());
            }
            case EngineKind.Chicory _ -> arguments.add("engine=chicory");
        }
        arguments.add("functions=" + functions.toAbsolutePath());
        arguments.add("host-suffix=" + config.hostSuffix());
        arguments.add("spares=" + config.spares());
        arguments.add("reserve=" + Math.max(1, config.spares() / 4));
        arguments.add("slots=" + Math.max(config.slots(), config.spares() + 1));
        // Nothing of the gateway's environment: it may hold the token and the operator's secrets.
        Map<String, String> environment = Map.of("LANG", "C.UTF-8", "MALLOC_ARENA_MAX", "1", "PATH", "/usr/bin:/bin");
        return new WorkerLaunch(java, arguments, environment, output);
    }

    /// The Node executable on the path, if there is one.
    static java.util.Optional<Path> node() {
        for (String directory : System.getenv().getOrDefault("PATH", "/usr/bin").split(":")) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, "node");
            if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                return java.util.Optional.of(candidate.toAbsolutePath());
            }
        }
        return java.util.Optional.empty();
    }
}
