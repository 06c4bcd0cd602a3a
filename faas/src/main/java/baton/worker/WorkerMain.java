package baton.worker;

import baton.engine.Engine;
import baton.engine.chicory.ChicoryEngine;
import baton.engine.wasmtime.WasmtimeEngine;
import baton.wire.Protocol;
import java.io.IOException;

/// Entry of a worker process. Descriptors 3 and 4 are its control and telemetry sockets.
public final class WorkerMain {
    private WorkerMain() {}

    /// Serves until the gateway ends it.
    ///
    /// @return the exit code
    public static int run(String[] arguments) throws IOException, InterruptedException {
        long started = System.nanoTime();
        WorkerOptions options = WorkerOptions.parse(arguments);
        // The engine is not closed: calls may still run in it when the process ends.
        Engine engine = engine(options);
        return new Worker(options, engine, Protocol.CONTROL_DESCRIPTOR, Protocol.TELEMETRY_DESCRIPTOR).serve(started);
    }

    private static Engine engine(WorkerOptions options) throws IOException {
        return switch (options.engine()) {
            case "wasmtime" -> WasmtimeEngine.open(options.library(), Math.max(options.slots(), options.spares() + 1));
            case "chicory" -> new ChicoryEngine();
            default -> throw new IllegalArgumentException("unknown engine '" + options.engine() + "'");
        };
    }
}
