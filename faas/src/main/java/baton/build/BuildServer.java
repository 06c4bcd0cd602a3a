package baton.build;

import baton.build.BuildException.Reason;
import baton.build.BuildFrames.Frame;
import baton.engine.Engine;
import baton.engine.InvalidModuleException;
import baton.engine.wasmtime.CommandRunner;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The builder's side of its pipe. The main thread reads requests, and ends the process as soon as the
/// platform is gone, even within a build; a thread with a large stack builds.
final class BuildServer {
    static final String WASM = "code.wasm";
    static final String PRECOMPILED = "code.cwasm";

    private final Engine engine;
    private final EngineKind kind;
    private final InputStream in;
    private final OutputStream out;
    private final BlockingQueue<Frame> requests = new LinkedBlockingQueue<>(1);
    private @Nullable ClangCompiler compiler;

    BuildServer(Engine engine, EngineKind kind, InputStream in, OutputStream out) {
        this.engine = engine;
        this.kind = kind;
        this.in = in;
        this.out = out;
    }

    /// Serves until stdin ends.
    ///
    /// @return the exit status
    int run() throws IOException {
        Thread builder = new Thread(null, this::build, "builder", CommandRunner.THREAD_STACK_BYTES);
        builder.setDaemon(true);
        builder.start();
        BuildFrames.write(out, new Frame.Hello(engine.name(), engine.compatibility()));
        try {
            while (true) {
                // One request is under way at a time, so the queue is never full.
                requests.add(BuildFrames.read(in));
            }
        } catch (EOFException platformEnded) {
            // A compiler in native code cannot be interrupted, and nothing that it holds outlives the
            // process.
            Runtime.getRuntime().halt(0);
            return 0;
        }
    }

    private void build() {
        try {
            while (true) {
                BuildFrames.write(out, answer(requests.take()));
            }
        } catch (IOException | InterruptedException failure) {
            System.err.println("The builder cannot answer: " + failure.getMessage());
            Runtime.getRuntime().halt(1);
        }
    }

    private Frame answer(Frame request) {
        try {
            switch (request) {
                case Frame.Compile compile -> {
                    compile(compile);
                    translate(compile.work());
                }
                case Frame.Translate translate -> translate(translate.work());
                default -> throw new IllegalStateException("not a request: " + request);
            }
            return new Frame.Done();
        } catch (BuildException failure) {
            return new Frame.Failed(failure.reason(), String.valueOf(failure.getMessage()), failure.detail());
        } catch (IOException | RuntimeException failure) {
            return new Frame.Failed(Reason.PLATFORM, "The builder failed: " + failure, "");
        } catch (OutOfMemoryError failure) {
            return new Frame.Failed(Reason.LIMIT, "The module is too large for the builder's memory.", "");
        }
    }

    private void compile(Frame.Compile request) throws BuildException, IOException {
        if (!(kind instanceof EngineKind.Wasmtime wasmtime)) {
            throw new BuildException(Reason.TOOL, "The compiler needs the engine wasmtime.", "");
        }
        ClangCompiler ready = compiler;
        if (ready == null) {
            ready = ClangCompiler.open(wasmtime.library(), request.clang(), request.sysroot());
            compiler = ready;
        }
        ready.compile(request.language(), request.work(), request.fileName());
    }

    private void translate(Path work) throws BuildException, IOException {
        byte[] wasm = Files.readAllBytes(work.resolve(WASM));
        try {
            Files.write(work.resolve(PRECOMPILED), engine.compile(wasm));
        } catch (InvalidModuleException failure) {
            throw new BuildException(Reason.SOURCE, String.valueOf(failure.getMessage()), "");
        }
    }
}
