package baton.engine;

/// Finds the initial memory of a module in its bytes, before an engine looks at it, so that too much is
/// refused in the same words everywhere. See the binary format, section 5.5 of the WebAssembly specification.
final class MemorySection {
    private static final int HEADER_BYTES = 8;
    private static final int ID = 5;
    private static final int WASM_PAGE_BYTES = 65_536;
    private static final int LEB_BYTES = 5;
    private static final int LEB_BITS = 7;

    private final byte[] wasm;
    private int at = HEADER_BYTES;

    private MemorySection(byte[] wasm) {
        this.wasm = wasm;
    }

    /// @return bytes of the first memory, 0 when there is none or the module is malformed, which the engine
    ///     tells
    static long initialBytes(byte[] wasm) {
        return new MemorySection(wasm).find();
    }

    private long find() {
        while (at < wasm.length) {
            int id = wasm[at++];
            long length = number();
            if (id == ID) {
                long count = number();
                at++;
                long pages = number();
                return count > 0 ? pages * WASM_PAGE_BYTES : 0;
            }
            if (length > wasm.length - at) {
                return 0;
            }
            at += (int) length;
        }
        return 0;
    }

    /// An unsigned LEB128 number; what lies beyond the end reads as 0.
    private long number() {
        long value = 0;
        for (int i = 0; i < LEB_BYTES && at < wasm.length; i++) {
            byte part = wasm[at++];
            value |= (part & 0x7fL) << (LEB_BITS * i);
            if (part >= 0) {
                break;
            }
        }
        return value;
    }
}
