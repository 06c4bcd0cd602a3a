package baton.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Puts small modules together byte by byte, for what no C compiler makes. All functions have the type `()
/// -> ()` except imports, which name theirs.
final class WasmAssembler {
    static final int UNREACHABLE = 0x00;
    static final int CALL = 0x10;
    static final int DROP = 0x1a;
    static final int GLOBAL_GET = 0x23;
    static final int GLOBAL_SET = 0x24;
    static final int I32_CONST = 0x41;
    static final int IF = 0x04;
    static final int EMPTY_BLOCK = 0x40;
    static final int END = 0x0b;
    static final int I32_EQZ = 0x45;

    private static final int I32 = 0x7f;

    private final ByteArrayOutputStream types = new ByteArrayOutputStream();
    private final ByteArrayOutputStream imports = new ByteArrayOutputStream();
    private final ByteArrayOutputStream functions = new ByteArrayOutputStream();
    private final ByteArrayOutputStream exports = new ByteArrayOutputStream();
    private final ByteArrayOutputStream codes = new ByteArrayOutputStream();
    private int typeCount;
    private int importCount;
    private int functionCount;
    private int exportCount;
    private int pages = -1;
    private int start = -1;
    private boolean global;

    WasmAssembler() {
        type(0, 0);
    }

    /// An import of a function that takes and returns so many i32.
    WasmAssembler importFunction(String module, String name, int parameters, int results) {
        type(parameters, results);
        text(imports, module);
        text(imports, name);
        imports.write(0);
        number(imports, typeCount - 1);
        importCount++;
        return this;
    }

    /// A function of this code, exported if it has a name. Imports come first.
    WasmAssembler function(String name, int... code) {
        number(functions, 0);
        int index = importCount + functionCount++;
        number(codes, code.length + 2);
        codes.write(0);
        for (int value : code) {
            codes.write(value);
        }
        codes.write(END);
        return name.isEmpty() ? this : export(name, 0, index);
    }

    /// A memory that begins with so many pages, exported as `memory`.
    WasmAssembler memory(int initialPages) {
        pages = initialPages;
        return export("memory", 2, 0);
    }

    /// A mutable i32 that begins with 0.
    WasmAssembler global() {
        global = true;
        return this;
    }

    /// Runs a function when the module is instantiated.
    WasmAssembler start(int index) {
        start = index;
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        section(out, 1, typeCount, types);
        section(out, 2, importCount, imports);
        section(out, 3, functionCount, functions);
        ByteArrayOutputStream memory = new ByteArrayOutputStream();
        memory.write(0);
        number(memory, Math.max(0, pages));
        section(out, 5, pages < 0 ? 0 : 1, memory);
        ByteArrayOutputStream globals = new ByteArrayOutputStream();
        globals.writeBytes(new byte[] {I32, 1, I32_CONST, 0, END});
        section(out, 6, global ? 1 : 0, globals);
        section(out, 7, exportCount, exports);
        if (start >= 0) {
            out.write(8);
            out.write(1);
            out.write(start);
        }
        section(out, 10, functionCount, codes);
        return out.toByteArray();
    }

    private WasmAssembler export(String name, int kind, int index) {
        text(exports, name);
        exports.write(kind);
        number(exports, index);
        exportCount++;
        return this;
    }

    private void type(int parameters, int results) {
        types.write(0x60);
        number(types, parameters);
        types.writeBytes(filled(parameters));
        number(types, results);
        types.writeBytes(filled(results));
        typeCount++;
    }

    private static byte[] filled(int count) {
        byte[] types = new byte[count];
        Arrays.fill(types, (byte) I32);
        return types;
    }

    private static void section(ByteArrayOutputStream out, int id, int count, ByteArrayOutputStream content) {
        if (count > 0) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            number(body, count);
            body.writeBytes(content.toByteArray());
            out.write(id);
            number(out, body.size());
            out.writeBytes(body.toByteArray());
        }
    }

    private static void text(ByteArrayOutputStream out, String text) {
        number(out, text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// LEB128.
    private static void number(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
