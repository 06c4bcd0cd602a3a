package baton.worker;

import baton.engine.CompiledModule;
import baton.engine.Engine;
import baton.engine.InvalidModuleException;
import baton.function.FunctionVersion;
import baton.function.Language;
import baton.function.RouteTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Loads what versions need to run, off the loop: a thread of its own loads new versions before they go
/// live; a spare slot loads one that was unloaded, when a request asks for it.
final class Modules implements AutoCloseable {
    private static final int DIGEST_BUFFER_BYTES = 64 << 10;

    private final Worker worker;
    private final Engine engine;
    private final Path functions;
    private final ExecutorService loader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(null, task, "module-loader", 1 << 20);
        thread.setDaemon(true);
        return thread;
    });

    Modules(Worker worker, Engine engine, Path functions) {
        this.worker = worker;
        this.engine = engine;
        this.functions = functions;
    }

    /// Loads the new versions of a table, puts it in force on the loop, and then runs what follows there.
    void activate(Slot leader, RouteTable routes, List<FunctionVersion> added, java.util.function.Consumer<Slot> then) {
        FunctionTable next = worker.newestTable().next(routes, worker.label());
        worker.newestTable(next);
        loader.execute(() -> {
            int loaded = 0;
            for (FunctionVersion version : added) {
                FunctionEntry entry = next.byId(version.id().toString());
                // Of a large first table only so many; the rest is loaded when asked for.
                if (entry != null && loaded < WorkerLimits.LOADED_MODULES) {
                    tryLoad(entry);
                    loaded++;
                }
            }
            worker.loop().post(worker.loaderSyscalls(), slot -> {
                worker.putInForce(slot, next);
                then.accept(slot);
                return true;
            });
        });
    }

    private void tryLoad(FunctionEntry entry) {
        try {
            long begun = System.nanoTime();
            load(entry);
            entry.loadNanos = System.nanoTime() - begun;
        } catch (InvalidModuleException | IOException e) {
            worker.loop().post(worker.loaderSyscalls(), slot -> {
                worker.control().moduleRejected(slot, entry.version(), String.valueOf(e.getMessage()));
                return true;
            });
        }
    }

    /// Loads what a version runs, if that has not been done.
    ///
    /// @throws InvalidModuleException when the file is not what was deployed, or the engine does not take it
    void load(FunctionEntry entry) throws InvalidModuleException, IOException {
        synchronized (entry) {
            FunctionVersion version = entry.version();
            Language.Runner runner = version.language().runner();
            if (runner == Language.Runner.HOST || entry.module() != null || entry.content() != null) {
                return;
            }
            Path directory = functions.resolve(version.id().toString());
            boolean wasm = runner == Language.Runner.WASM;
            Path file = directory.resolve(
                    wasm ? "code.cwasm" : "code." + version.language().extension());
            String sha256 = sha256(file);
            if (!sha256.equals(version.artifactSha256())) {
                throw new InvalidModuleException(file + " is not what was deployed: its SHA-256 is " + sha256);
            }
            if (wasm) {
                entry.module(engine.load(file));
            } else {
                entry.content(StaticContent.of(Files.readAllBytes(file), sha256));
            }
        }
    }

    /// The module of an entry, held for the caller; loaded first if need be. Not for the loop's own time.
    CompiledModule hold(FunctionEntry entry) throws InvalidModuleException, IOException {
        for (; ; ) {
            CompiledModule module = entry.module();
            if (module != null && module.acquire()) {
                return module;
            }
            synchronized (entry) {
                if (entry.module() == module) {
                    entry.module(null);
                }
            }
            load(entry);
        }
    }

    /// Unloads the module of an entry that is not live any more, or was not used for long.
    void unload(FunctionEntry entry) {
        CompiledModule module = entry.module();
        if (module != null) {
            entry.module(null);
            module.close();
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[DIGEST_BUFFER_BYTES];
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        loader.shutdownNow();
    }
}
