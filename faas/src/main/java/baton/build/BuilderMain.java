package baton.build;

import baton.engine.Engine;
import baton.engine.InvalidModuleException;
import baton.engine.chicory.ChicoryEngine;
import baton.engine.wasmtime.CommandRunner;
import baton.engine.wasmtime.WasmtimeEngine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;

/// The builder's own process: `serve ENGINE` answers builds over stdin and stdout until stdin ends;
/// `precompile LIBWASMTIME WASM CWASM` translates the compiler itself.
public final class BuilderMain {
    static final String SERVE = "serve";
    static final String PRECOMPILE = "precompile";

    private static final int USAGE = 2;
    private static final int FAILED = 1;

    private BuilderMain() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /// Runs the process to its end.
    ///
    /// @return the exit status
    public static int run(String[] arguments) {
        try {
            if (arguments.length == 2 && arguments[0].equals(SERVE)) {
                return serve(EngineKind.ofArgument(arguments[1]));
            }
            if (arguments.length == 4 && arguments[0].equals(PRECOMPILE)) {
                return precompile(Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]));
            }
            System.err.println("This is a process of the platform itself; start ./baton up.");
            return USAGE;
        } catch (IOException | InvalidModuleException failure) {
            System.err.println(failure.getMessage());
            return FAILED;
        }
    }

    private static int serve(EngineKind kind) throws IOException {
        OutputStream frames = new FileOutputStream(FileDescriptor.out);
        // Nothing but frames may reach stdout.
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true));
        try (Engine engine = open(kind)) {
            return new BuildServer(engine, kind, System.in, frames).run();
        }
    }

    private static Engine open(EngineKind kind) throws IOException {
        return switch (kind) {
            case EngineKind.Wasmtime wasmtime -> WasmtimeEngine.open(wasmtime.library(), 1);
            case EngineKind.Chicory _ -> new ChicoryEngine();
        };
    }

    private static int precompile(Path library, Path wasm, Path precompiled)
            throws IOException, InvalidModuleException {
        try (CommandRunner runner = CommandRunner.open(library)) {
            runner.precompile(wasm, precompiled);
        }
        return 0;
    }
}
