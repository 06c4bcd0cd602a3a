package baton.engine.wasmtime;

import static baton.engine.wasmtime.LibWasmtime.ALL;
import static baton.engine.wasmtime.LibWasmtime.LONG;

import baton.engine.CommandShape;
import baton.engine.CommandShape.Item;
import baton.engine.CommandShape.Kind;
import baton.engine.wasi.Preview1;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the imports and exports of a `wasmtime_module_t` from its type, without instantiating it.
final class ModuleTypes {
    private static final long WASM_PAGE_BYTES = 65_536;
    private static final int EXTERN_FUNCTION = 0;
    private static final int EXTERN_MEMORY = 3;

    private final LibWasmtime library;
    private long memoryBytes;

    private ModuleTypes(LibWasmtime library) {
        this.library = library;
    }

    static CommandShape read(LibWasmtime library, long module) {
        ModuleTypes types = new ModuleTypes(library);
        List<Item> imports = types.items(module, "import");
        types.memoryBytes = 0;
        List<Item> exports = types.items(module, "export");
        return new CommandShape(imports, exports, types.memoryBytes);
    }

    /// @param what `import` or `export`: their functions in the C API are alike
    private List<Item> items(long module, String what) {
        try (Arena arena = Arena.ofConfined()) {
            long vector = arena.allocate(16, 8).address();
            library.cold("wasmtime_module_" + what + "s", module, vector);
            List<Item> items = new ArrayList<>();
            for (long i = 0; i < ALL.get(LONG, vector); i++) {
                long type = ALL.get(LONG, ALL.get(LONG, vector + 8) + 8 * i);
                String from = what.equals("import") ? text(library.cold("wasm_importtype_module", type)) : "";
                String name = text(library.cold("wasm_" + what + "type_name", type));
                items.add(item(from, name, library.cold("wasm_" + what + "type_type", type)));
            }
            library.cold("wasm_" + what + "type_vec_delete", vector);
            return items;
        }
    }

    private Item item(String module, String name, long externType) {
        int kind = (int) library.cold("wasm_externtype_kind", externType) & 0xff;
        return switch (kind) {
            case EXTERN_FUNCTION -> {
                long function = library.cold("wasm_externtype_as_functype_const", externType);
                String parameters = letters(library.cold("wasm_functype_params", function));
                String results = letters(library.cold("wasm_functype_results", function));
                yield new Item(module, name, Kind.FUNCTION, Preview1.signature(parameters, results));
            }
            case EXTERN_MEMORY -> {
                long memory = library.cold("wasm_externtype_as_memorytype_const", externType);
                memoryBytes = library.cold("wasmtime_memorytype_minimum", memory) * WASM_PAGE_BYTES;
                yield new Item(module, name, Kind.MEMORY, "");
            }
            default -> new Item(module, name, Kind.OTHER, "");
        };
    }

    /// One letter for each type of a `wasm_valtype_vec_t`, as in [Preview1#parameters].
    private String letters(long vector) {
        StringBuilder letters = new StringBuilder();
        for (long i = 0; i < ALL.get(LONG, vector); i++) {
            long type = ALL.get(LONG, ALL.get(LONG, vector + 8) + 8 * i);
            int kind = (int) library.cold("wasm_valtype_kind", type) & 0xff;
            letters.append(kind < "iIfF".length() ? "iIfF".charAt(kind) : '?');
        }
        return letters.toString();
    }

    private static String text(long vector) {
        return new String(LibWasmtime.bytes(vector), StandardCharsets.UTF_8);
    }
}
