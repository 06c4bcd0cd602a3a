package baton.engine;

import baton.engine.wasi.Preview1;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The outside of a core module: what it imports and exports. Engines fill it in, and [#check] says whether
/// Baton can run such a module, in the same words for every engine.
///
/// @param imports every import, in the module's order
/// @param exports every export, in the module's order
/// @param memoryBytes linear memory that an instance begins with
public record CommandShape(List<Item> imports, List<Item> exports, long memoryBytes) {
    /// The function that a command begins with.
    public static final String START = "_start";

    /// The name under which WASI expects linear memory.
    public static final String MEMORY = "memory";

    /// The most linear memory that any module may begin with, and the most that an instance may reach.
    public static final long MEMORY_LIMIT_BYTES = 256L << 20;

    private static final int HEADER_BYTES = 8;
    private static final byte[] MAGIC = {0, 'a', 's', 'm'};

    public CommandShape {
        imports = List.copyOf(imports);
        exports = List.copyOf(exports);
    }

    /// What kinds of items there are; `OTHER` stands for tables, globals and tags.
    public enum Kind {
        FUNCTION,
        MEMORY,
        OTHER
    }

    /// One import or export.
    ///
    /// @param module of an import; empty for an export
    /// @param type of a function, in the form of [Preview1#signature]; empty for others
    public record Item(String module, String name, Kind kind, String type) {}

    /// Looks at the first bytes and the memory, before an engine does.
    ///
    /// @throws InvalidModuleException when these bytes are not a core module, saying what they are instead,
    ///     or begin with too much memory
    public static void checkBytes(byte[] wasm) throws InvalidModuleException {
        for (int i = 0; i < MAGIC.length; i++) {
            if (wasm.length <= i || wasm[i] != MAGIC[i]) {
                throw new InvalidModuleException("This is not a WebAssembly module: it does not begin with the bytes"
                        + " 00 61 73 6d. Deploy the binary .wasm file that the compiler wrote.");
            }
        }
        if (wasm.length < HEADER_BYTES) {
            throw new InvalidModuleException("The WebAssembly module is truncated: it has only " + wasm.length
                    + " bytes. Build and upload it again.");
        }
        if (wasm[6] == 1) {
            throw new InvalidModuleException("This is a WebAssembly component; components are not supported yet."
                    + " Core modules with WASI preview 1 are: build for the target wasm32-wasip1.");
        }
        if (wasm[4] != 1 || wasm[5] != 0 || wasm[7] != 0) {
            throw new InvalidModuleException("The WebAssembly module has version " + (wasm[4] & 0xff)
                    + " of the binary format; version 1 is supported.");
        }
        checkMemory(MemorySection.initialBytes(wasm));
    }

    /// Checks that a command with these imports and exports can run.
    ///
    /// @throws InvalidModuleException naming the first thing that is missing or too much
    public void check() throws InvalidModuleException {
        for (Item item : imports) {
            checkImport(item);
        }
        Optional<Item> start = export(START);
        if (start.isEmpty() || start.get().kind() != Kind.FUNCTION) {
            throw new InvalidModuleException("The module exports no function `_start`, so it is a library, not a"
                    + " command. Build it as a program with a main function, for the target wasm32-wasip1.");
        }
        if (!start.get().type().equals("()")) {
            throw new InvalidModuleException("The module's `_start` has the type "
                    + start.get().type() + "; it must take nothing and return nothing.");
        }
        Optional<Item> memory = export(MEMORY);
        if (memory.isEmpty() || memory.get().kind() != Kind.MEMORY) {
            throw new InvalidModuleException("The module exports no memory named `memory`, which WASI needs to pass"
                    + " data. Export it (wasm-ld does so unless --import-memory is given).");
        }
        checkMemory(memoryBytes);
    }

    /// @return the place of an export in the module's order, or -1
    public int exportIndex(String name) {
        for (int i = 0; i < exports.size(); i++) {
            if (exports.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private Optional<Item> export(String name) {
        int index = exportIndex(name);
        return index < 0 ? Optional.empty() : Optional.of(exports.get(index));
    }

    private static void checkImport(Item item) throws InvalidModuleException {
        String label = item.module() + "." + item.name();
        if (!item.module().equals(Preview1.MODULE)) {
            throw new InvalidModuleException("The module imports `" + label + "`, which does not exist here."
                    + " Functions get WASI preview 1 (`" + Preview1.MODULE + "`) and nothing else.");
        }
        Optional<Preview1> found = Preview1.find(item.name());
        if (found.isEmpty() || item.kind() != Kind.FUNCTION) {
            throw new InvalidModuleException("The module imports `" + label
                    + "`, which WASI preview 1 does not have. It has: " + available() + ".");
        }
        if (!found.get().signature().equals(item.type())) {
            throw new InvalidModuleException("The module imports `" + label + "` with the type " + item.type()
                    + ", but WASI preview 1 defines it as " + found.get().signature() + ".");
        }
    }

    private static void checkMemory(long bytes) throws InvalidModuleException {
        if (bytes > MEMORY_LIMIT_BYTES) {
            throw new InvalidModuleException("The module begins with " + mebibytes(bytes)
                    + " MiB of memory; the limit is " + mebibytes(MEMORY_LIMIT_BYTES)
                    + " MiB. Link it with a smaller initial memory and stack.");
        }
    }

    private static String available() {
        return Preview1.all().stream().map(Preview1::importName).collect(Collectors.joining(", "));
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / (double) (1 << 20));
    }
}
