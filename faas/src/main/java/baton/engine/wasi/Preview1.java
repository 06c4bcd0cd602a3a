package baton.engine.wasi;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The functions of WASI preview 1 and their types, as `wasi_snapshot_preview1.witx` lowers them to core
/// WebAssembly.
public enum Preview1 {
    ARGS_GET("ii"),
    ARGS_SIZES_GET("ii"),
    ENVIRON_GET("ii"),
    ENVIRON_SIZES_GET("ii"),
    CLOCK_RES_GET("ii"),
    CLOCK_TIME_GET("iIi"),
    FD_ADVISE("iIIi"),
    FD_ALLOCATE("iII"),
    FD_CLOSE("i"),
    FD_DATASYNC("i"),
    FD_FDSTAT_GET("ii"),
    FD_FDSTAT_SET_FLAGS("ii"),
    FD_FDSTAT_SET_RIGHTS("iII"),
    FD_FILESTAT_GET("ii"),
    FD_FILESTAT_SET_SIZE("iI"),
    FD_FILESTAT_SET_TIMES("iIIi"),
    FD_PREAD("iiiIi"),
    FD_PRESTAT_GET("ii"),
    FD_PRESTAT_DIR_NAME("iii"),
    FD_PWRITE("iiiIi"),
    FD_READ("iiii"),
    FD_READDIR("iiiIi"),
    FD_RENUMBER("ii"),
    FD_SEEK("iIii"),
    FD_SYNC("i"),
    FD_TELL("ii"),
    FD_WRITE("iiii"),
    PATH_CREATE_DIRECTORY("iii"),
    PATH_FILESTAT_GET("iiiii"),
    PATH_FILESTAT_SET_TIMES("iiiiIIi"),
    PATH_LINK("iiiiiii"),
    PATH_OPEN("iiiiiIIii"),
    PATH_READLINK("iiiiii"),
    PATH_REMOVE_DIRECTORY("iii"),
    PATH_RENAME("iiiiii"),
    PATH_SYMLINK("iiiii"),
    PATH_UNLINK_FILE("iii"),
    POLL_ONEOFF("iiii"),
    PROC_EXIT("i"),
    PROC_RAISE("i"),
    SCHED_YIELD(""),
    RANDOM_GET("ii"),
    SOCK_ACCEPT("iii"),
    SOCK_RECV("iiiiii"),
    SOCK_SEND("iiiii"),
    SOCK_SHUTDOWN("ii");

    /// The module that guests import them from.
    public static final String MODULE = "wasi_snapshot_preview1";

    /// The most parameters that any of them has.
    public static final int MAX_PARAMETERS = 9;

    private static final List<Preview1> ALL = List.of(values());

    private final String parameters;
    private final String importName;

    Preview1(String parameters) {
        this.parameters = parameters;
        this.importName = name().toLowerCase(Locale.ROOT);
    }

    /// All of them, in a fixed order.
    public static List<Preview1> all() {
        return ALL;
    }

    public static Optional<Preview1> find(String importName) {
        for (Preview1 function : ALL) {
            if (function.importName.equals(importName)) {
                return Optional.of(function);
            }
        }
        return Optional.empty();
    }

    /// Name under [#MODULE].
    public String importName() {
        return importName;
    }

    /// One letter for each parameter: `i` for i32, `I` for i64.
    public String parameters() {
        return parameters;
    }

    /// Whether it returns an i32, the errno; only `proc_exit` returns nothing.
    public boolean returnsErrno() {
        return this != PROC_EXIT;
    }

    /// Its type for humans, such as `(i32, i64, i32) -> i32`.
    public String signature() {
        return signature(parameters, returnsErrno() ? "i" : "");
    }

    /// A function's type for humans, with the letters of [#parameters] (`f` and `F` for floats, `?` for
    /// others).
    public static String signature(String parameters, String results) {
        String left = "(" + names(parameters) + ")";
        return results.isEmpty() ? left : left + " -> " + names(results);
    }

    private static String names(String letters) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < letters.length(); i++) {
            names.append(i == 0 ? "" : ", ")
                    .append(
                            switch (letters.charAt(i)) {
                                case 'i' -> "i32";
                                case 'I' -> "i64";
                                case 'f' -> "f32";
                                case 'F' -> "f64";
                                default -> "reference";
                            });
        }
        return names.toString();
    }
}
