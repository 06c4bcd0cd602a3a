package baton.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// The Node host's program: plain JavaScript files that travel in the jar and are unpacked once per platform.
public final class NodeProgram {
    /// The oldest Node that it works on.
    public static final int MIN_NODE_MAJOR = 18;

    private static final String MAIN = "node-host.js";
    private static final List<String> FILES = List.of(
            MAIN,
            "cgi.js",
            "fetch.js",
            "frames.js",
            "handler.js",
            "headers.js",
            "invocation.js",
            "load.js",
            "output.js",
            "probe.js",
            "script.js");

    private final Path directory;

    private NodeProgram(Path directory) {
        this.directory = directory;
    }

    /// Unpacks the program.
    ///
    /// @param directory made if it is not there; files in it are replaced
    public static NodeProgram install(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (String file : FILES) {
            try (InputStream in = NodeProgram.class.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IOException("the jar lacks baton/host/" + file);
                }
                Files.copy(in, directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return new NodeProgram(directory);
    }

    /// What to start, before any sandbox is put around it.
    ///
    /// @param node the node executable
    /// @param heapMebibytes JavaScript heap of the process
    /// @param options of the host program, such as `--parent-fd`, `4`
    /// @param code file of the function
    /// @param name of the function
    public List<String> command(Path node, int heapMebibytes, List<String> options, Path code, String name) {
        List<String> command = new ArrayList<>();
        command.add(node.toString());
        command.add("--experimental-vm-modules");
        command.add("--no-warnings");
        command.add("--max-old-space-size=" + heapMebibytes);
        command.add(directory.resolve(MAIN).toString());
        command.addAll(options);
        command.add(code.toString());
        command.add(name);
        return command;
    }
}
