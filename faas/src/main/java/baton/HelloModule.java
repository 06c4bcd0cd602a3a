package baton;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// The smallest WebAssembly command: `_start` writes `Hello` and a line end to stdout. The rehearsal deploys
/// it.
final class HelloModule {
    private HelloModule() {}

    /// The module's bytes: magic, types, one import, one function, memory, exports, code and data
    /// ([binary format](https://webassembly.github.io/spec/core/binary/modules.html)).
    static byte[] bytes() {
        String wasm = "0061736d01000000" // magic and version 1
                + "010c0260047f7f7f7f017f600000" // types: fd_write's, and that of _start
                + "022301" + name("wasi_snapshot_preview1") + name("fd_write") + "0000" // import of function 0
                + "03020101" // function 1 has type 1
                + "0503010001" // a memory of one page
                + "071302" + name("memory") + "0200" + name("_start") + "0001" // exports
                + "0a0f010d00" + "4101" + "4100" + "4101" + "4110" + "10001a0b" // fd_write(1, 0, 1, 16)
                + "0b1401" + "0041000b" + "0e" + "0800000006000000" // one iovec at 0: 6 bytes at 8
                + HexFormat.of().formatHex("Hello\n".getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().parseHex(wasm);
    }

    private static String name(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return HexFormat.of().toHexDigits((byte) bytes.length) + HexFormat.of().formatHex(bytes);
    }
}
