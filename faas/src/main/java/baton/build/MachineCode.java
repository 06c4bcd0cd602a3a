package baton.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What code that was translated for a machine depends on, besides the program that was translated.
final class MachineCode {
    private static final int ID_CHARACTERS = 16;

    /// Changes with the settings of [baton.engine.wasmtime.CommandRunner].
    private static final String SETTINGS = "signals,noepochs";

    private MachineCode() {}

    /// A name for the engine's version and settings and the processor's instructions; see proc(5), cpuinfo.
    static String id() {
        return new Sha256()
                .part(EngineLibrary.VERSION)
                .part(SETTINGS)
                .part(System.getProperty("os.arch"))
                .part(instructions())
                .hex()
                .substring(0, ID_CHARACTERS);
    }

    private static String instructions() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("flags")).findFirst().orElse("");
        } catch (IOException noProc) {
            return "unknown: " + noProc.getMessage();
        }
    }
}
