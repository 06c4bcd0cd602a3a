package baton.engine.wasmtime;

import static baton.engine.wasmtime.LibWasmtime.ALL;
import static baton.engine.wasmtime.LibWasmtime.INT;
import static baton.engine.wasmtime.LibWasmtime.LONG;

import baton.engine.InvalidModuleException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Runs a trusted WASI command, such as a compiler, with directories of the host: under wasmtime's own WASI
/// and an engine without a pool, whose memories may be larger than those of functions.
///
/// One thread uses it; its stack must have [#THREAD_STACK_BYTES]. Nothing here cuts a command that runs too
/// long: its process has to be ended. So the code is free of checks for a deadline, and traps come by
/// signals, which halves the size of a compiler's code.
public final class CommandRunner implements AutoCloseable {
    /// Stack of the thread that calls [#run]: the guest's own part and room for the host's frames.
    public static final long THREAD_STACK_BYTES = 24L << 20;

    private static final long GUEST_STACK_BYTES = 16L << 20;
    private static final String START = "_start";

    private final LibWasmtime library;
    private final long engine;
    private long linker;
    private long module;
    private long linked;

    /// How a command ended.
    public sealed interface Outcome {
        /// By itself, with a status.
        record Exited(int status) implements Outcome {}

        /// By a trap of the engine, such as a stack overflow.
        record Trapped(String message) implements Outcome {}
    }

    /// A directory of the host that the command sees.
    ///
    /// @param guest its path for the command, such as `/usr`
    public record Directory(Path host, String guest, boolean writable) {}

    /// What to run.
    ///
    /// @param arguments beginning with the name of the program
    /// @param output file that receives stdout
    /// @param errors file that receives stderr
    /// @param memoryBytes cap of linear memory
    public record Command(
            List<String> arguments, List<Directory> directories, Path output, Path errors, long memoryBytes) {
        public Command {
            arguments = List.copyOf(arguments);
            directories = List.copyOf(directories);
        }
    }

    private CommandRunner(LibWasmtime library) {
        this.library = library;
        long config = library.cold("wasm_config_new");
        // The size of a fiber's stack is never used, but the library insists that it is not the smaller one.
        library.cold("wasmtime_config_async_stack_size_set", config, GUEST_STACK_BYTES * 2);
        library.cold("wasmtime_config_max_wasm_stack_set", config, GUEST_STACK_BYTES);
        this.engine = library.cold("wasm_engine_new_with_config", config);
    }

    /// Opens an engine for commands.
    ///
    /// @param libwasmtime the shared library
    /// @throws IOException when it cannot be loaded
    public static CommandRunner open(Path libwasmtime) throws IOException {
        return new CommandRunner(LibWasmtime.open(libwasmtime));
    }

    /// Translates a command to the code of this machine. Takes long and much memory: run it in a process of
    /// its own.
    ///
    /// @throws InvalidModuleException when the module is invalid
    /// @throws IOException when a file cannot be read or written
    public void precompile(Path wasm, Path precompiled) throws InvalidModuleException, IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel source = FileChannel.open(wasm, StandardOpenOption.READ)) {
            MemorySegment bytes = source.map(MapMode.READ_ONLY, 0, source.size(), arena);
            long out = arena.allocate(16, 8).address();
            require(library.cold("wasmtime_module_new", engine, bytes.address(), bytes.byteSize(), out));
            long compiled = ALL.get(LONG, out);
            require(library.cold("wasmtime_module_serialize", compiled, out));
            library.cold("wasmtime_module_delete", compiled);
            // Too large for the Java heap.
            write(ALL.asSlice(ALL.get(LONG, out + 8), ALL.get(LONG, out)), precompiled);
            library.cold("wasm_byte_vec_delete", out);
        }
    }

    private static void write(MemorySegment contents, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = contents.asByteBuffer();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    /// Loads what [#precompile] made; once for a runner.
    ///
    /// @throws InvalidModuleException when it was made by another version or under other settings
    public void load(Path precompiled) throws InvalidModuleException {
        if (module != 0) {
            throw new IllegalStateException("a command is loaded already");
        }
        try (Arena arena = Arena.ofConfined()) {
            long out = arena.allocate(8, 8).address();
            long path = arena.allocateFrom(precompiled.toString()).address();
            require(library.cold("wasmtime_module_deserialize_file", engine, path, out));
            module = ALL.get(LONG, out);
            linker = library.cold("wasmtime_linker_new", engine);
            require(library.cold("wasmtime_linker_define_wasi", linker));
            require(library.cold("wasmtime_linker_instantiate_pre", linker, module, out));
            linked = ALL.get(LONG, out);
        }
    }

    /// Runs the loaded command in a fresh instance.
    ///
    /// @throws IOException when a file or directory of the command cannot be opened
    public Outcome run(Command command) throws IOException {
        if (linked == 0) {
            throw new IllegalStateException("no command is loaded");
        }
        long store = library.cold("wasmtime_store_new", engine, 0, 0);
        try (Arena arena = Arena.ofConfined()) {
            library.cold("wasmtime_store_limiter", store, command.memoryBytes(), -1, -1, -1, -1);
            long context = library.cold("wasmtime_store_context", store);
            long error = library.cold("wasmtime_context_set_wasi", context, configure(arena, command));
            if (error != 0) {
                throw new IOException("WASI cannot be set up: " + library.failure(error, 0, true));
            }
            return start(arena, context);
        } finally {
            library.cold("wasmtime_store_delete", store);
        }
    }

    private long configure(Arena arena, Command command) throws IOException {
        long wasi = library.cold("wasi_config_new");
        List<String> arguments = command.arguments();
        MemorySegment vector = arena.allocate(ValueLayout.JAVA_LONG, arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            vector.setAtIndex(ValueLayout.JAVA_LONG, i, text(arena, arguments.get(i)));
        }
        boolean done = isTrue("wasi_config_set_argv", wasi, arguments.size(), vector.address());
        done &= isTrue("wasi_config_set_stdout_file", wasi, text(arena, command.output()));
        done &= isTrue("wasi_config_set_stderr_file", wasi, text(arena, command.errors()));
        for (Directory directory : command.directories()) {
            long host = text(arena, directory.host());
            long guest = text(arena, directory.guest());
            done &= isTrue("wasi_config_preopen_dir", wasi, host, guest, directory.writable() ? 1 : 0);
        }
        if (!done) {
            library.cold("wasi_config_delete", wasi);
            throw new IOException("a file or directory of the command cannot be opened: " + command);
        }
        return wasi;
    }

    private Outcome start(Arena arena, long context) {
        long instance = arena.allocate(16, 8).address();
        long trap = arena.allocate(8, 8).address();
        long error = library.cold("wasmtime_instance_pre_instantiate", linked, context, instance, trap);
        if (error != 0 || ALL.get(LONG, trap) != 0) {
            return failed(arena, error, ALL.get(LONG, trap));
        }
        // wasmtime_extern_t: a kind, and at 8 the function.
        long export = arena.allocate(32, 8).address();
        long name = text(arena, START);
        if (!isTrue("wasmtime_instance_export_get", context, instance, name, START.length(), export)) {
            return new Outcome.Trapped("the command has no " + START);
        }
        error = library.cold("wasmtime_func_call", context, export + 8, 0, 0, 0, 0, trap);
        if (error != 0 || ALL.get(LONG, trap) != 0) {
            return failed(arena, error, ALL.get(LONG, trap));
        }
        return new Outcome.Exited(0);
    }

    private Outcome failed(Arena arena, long error, long trap) {
        long status = arena.allocate(8, 8).address();
        boolean exited = error != 0 && isTrue("wasmtime_error_exit_status", error, status);
        String message = library.failure(error, trap, !exited);
        return exited ? new Outcome.Exited(ALL.get(INT, status)) : new Outcome.Trapped(String.valueOf(message));
    }

    private boolean isTrue(String name, long... arguments) {
        return LibWasmtime.isTrue(library.cold(name, arguments));
    }

    private static long text(Arena arena, Object text) {
        return arena.allocateFrom(text.toString()).address();
    }

    private void require(long error) throws InvalidModuleException {
        String message = library.failure(error, 0, true);
        if (message != null) {
            throw new InvalidModuleException(message);
        }
    }

    /// Frees the engine and the command.
    @Override
    public void close() {
        if (linked != 0) {
            library.cold("wasmtime_instance_pre_delete", linked);
        }
        if (linker != 0) {
            library.cold("wasmtime_linker_delete", linker);
        }
        if (module != 0) {
            library.cold("wasmtime_module_delete", module);
        }
        library.cold("wasm_engine_delete", engine);
    }
}
