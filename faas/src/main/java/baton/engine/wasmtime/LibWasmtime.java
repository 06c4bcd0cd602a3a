package baton.engine.wasmtime;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The functions of libwasmtime's C API that Baton calls, and how: pointers are `long`, and all calls go
/// through one downcall shape, because every further shape costs milliseconds at process start.
///
/// So a call passes more integer arguments than its function takes, and takes an integer result from
/// functions that return none. The calling conventions of Linux on x86-64 and AArch64 allow this: the callee
/// does not look at further registers and stack slots, and the caller removes what it put on the stack. A
/// `bool` result is the lowest byte ([#isTrue]).
///
/// No downcall is `critical`: most may last, and all may come back by an upcall.
@SuppressWarnings("restricted")
final class LibWasmtime {
    /// The version whose C API and structure layouts this binding follows.
    static final String VERSION = "49.0.0";

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /// The whole address space.
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /// As many as the function with the most parameters takes.
    private static final int ARGUMENTS = 9;

    private static final MethodHandle CALL = shape();
    private static final String CAUSES = "Caused by:";

    final MemorySegment engineIncrementEpoch;
    final MemorySegment storeNew;
    final MemorySegment storeContext;
    final MemorySegment storeDelete;
    final MemorySegment storeLimiter;
    final MemorySegment storeEpochDeadlineCallback;
    final MemorySegment contextSetEpochDeadline;
    final MemorySegment instancePreInstantiate;
    final MemorySegment instanceExportNth;
    final MemorySegment instanceExportGet;
    final MemorySegment funcCallUnchecked;
    final MemorySegment callerContext;
    final MemorySegment callerExportGet;
    final MemorySegment memoryData;
    final MemorySegment memoryDataSize;
    final MemorySegment trapNew;
    final MemorySegment errorNew;

    private final MemorySegment trapMessage;
    private final MemorySegment trapDelete;
    private final MemorySegment errorMessage;
    private final MemorySegment errorDelete;
    private final MemorySegment byteVectorDelete;
    private final SymbolLookup symbols;
    private final Path path;

    private LibWasmtime(SymbolLookup symbols, Path path) {
        this.symbols = symbols;
        this.path = path;
        engineIncrementEpoch = symbol("wasmtime_engine_increment_epoch");
        storeNew = symbol("wasmtime_store_new");
        storeContext = symbol("wasmtime_store_context");
        storeDelete = symbol("wasmtime_store_delete");
        storeLimiter = symbol("wasmtime_store_limiter");
        storeEpochDeadlineCallback = symbol("wasmtime_store_epoch_deadline_callback");
        contextSetEpochDeadline = symbol("wasmtime_context_set_epoch_deadline");
        instancePreInstantiate = symbol("wasmtime_instance_pre_instantiate");
        instanceExportNth = symbol("wasmtime_instance_export_nth");
        instanceExportGet = symbol("wasmtime_instance_export_get");
        funcCallUnchecked = symbol("wasmtime_func_call_unchecked");
        callerContext = symbol("wasmtime_caller_context");
        callerExportGet = symbol("wasmtime_caller_export_get");
        memoryData = symbol("wasmtime_memory_data");
        memoryDataSize = symbol("wasmtime_memory_data_size");
        trapNew = symbol("wasmtime_trap_new");
        trapMessage = symbol("wasm_trap_message");
        trapDelete = symbol("wasm_trap_delete");
        errorNew = symbol("wasmtime_error_new");
        errorMessage = symbol("wasmtime_error_message");
        errorDelete = symbol("wasmtime_error_delete");
        byteVectorDelete = symbol("wasm_byte_vec_delete");
    }

    /// Loads the library for the life of the process.
    ///
    /// @throws IOException when it cannot be loaded or lacks a function
    static LibWasmtime open(Path library) throws IOException {
        try {
            return new LibWasmtime(SymbolLookup.libraryLookup(library, Arena.global()), library);
        } catch (IllegalArgumentException failure) {
            throw new IOException(
                    "The WebAssembly engine's library " + library + " cannot be used: " + failure.getMessage()
                            + ". Delete it, so that version " + VERSION + " is fetched again.",
                    failure);
        }
    }

    /// The address of a function.
    ///
    /// @throws IllegalArgumentException when the library has none of this name
    MemorySegment symbol(String name) {
        return symbols.find(name).orElseThrow(() -> new IllegalArgumentException(path + " has no function " + name));
    }

    /// Calls a function that is needed only once in a while, by its name.
    long cold(String name, long... arguments) {
        long[] a = Arrays.copyOf(arguments, ARGUMENTS);
        try {
            return (long) CALL.invokeExact(symbol(name), a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]);
        } catch (Throwable failure) {
            throw new AssertionError("the call of " + name + " failed", failure);
        }
    }

    static long call(MemorySegment function, long a) {
        return call(function, a, 0, 0, 0, 0, 0);
    }

    static long call(MemorySegment function, long a, long b) {
        return call(function, a, b, 0, 0, 0, 0);
    }

    static long call(MemorySegment function, long a, long b, long c, long d) {
        return call(function, a, b, c, d, 0, 0);
    }

    /// Calls a function of up to six arguments.
    static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(function, a, b, c, d, e, f, 0L, 0L, 0L);
        } catch (Throwable failure) {
            throw new AssertionError("a call of libwasmtime failed", failure);
        }
    }

    /// A result of the C type `bool`.
    static boolean isTrue(long result) {
        return (result & 0xff) != 0;
    }

    /// Frees an error and a trap, and tells what they say.
    ///
    /// @param error a `wasmtime_error_t *` or 0
    /// @param trap a `wasm_trap_t *` or 0
    /// @param wanted false when the message does not matter; then the result is empty
    /// @return the message without the backtrace, in one line; null when there is neither error nor trap
    @Nullable
    String failure(long error, long trap, boolean wanted) {
        if (error == 0 && trap == 0) {
            return null;
        }
        String message = "";
        if (trap != 0) {
            message = wanted ? message(trapMessage, trap) : "";
            call(trapDelete, trap);
        }
        if (error != 0) {
            message = wanted ? message(errorMessage, error) : "";
            call(errorDelete, error);
        }
        return essence(message);
    }

    /// Copies and frees a `wasm_byte_vec_t`.
    byte[] takeBytes(long vector) {
        byte[] copy = bytes(vector);
        call(byteVectorDelete, vector);
        return copy;
    }

    /// Copies a `wasm_byte_vec_t`.
    static byte[] bytes(long vector) {
        long length = ALL.get(LONG, vector);
        return ALL.asSlice(ALL.get(LONG, vector + 8), length).toArray(ValueLayout.JAVA_BYTE);
    }

    private String message(MemorySegment function, long subject) {
        try (Arena arena = Arena.ofConfined()) {
            long vector = arena.allocate(16, 8).address();
            call(function, subject, vector);
            return new String(takeBytes(vector), StandardCharsets.UTF_8);
        }
    }

    /// The engine's messages are chains of causes, the trap's comes with a backtrace first; the last cause
    /// is the one that matters to the author.
    private static String essence(String message) {
        int causes = message.lastIndexOf(CAUSES);
        List<String> lines = message.substring(causes < 0 ? 0 : causes + CAUSES.length())
                .replace('\0', ' ')
                .strip()
                .lines()
                .toList();
        String line = lines.isEmpty() ? "" : causes < 0 ? lines.getFirst() : lines.getLast();
        return line.strip().replaceFirst("^\\d+: ", "");
    }

    private static MethodHandle shape() {
        MemoryLayout[] layouts = new MemoryLayout[ARGUMENTS];
        Arrays.fill(layouts, ValueLayout.JAVA_LONG);
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_LONG, layouts));
    }
}
