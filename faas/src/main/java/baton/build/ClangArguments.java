package baton.build;

import baton.function.Language;
import java.util.ArrayList;
import java.util.List;

/// The command lines of clang's front end and of wasm-ld. The driver, which would put them together, cannot
/// start processes as WebAssembly; they are what `clang -###` prints for the target.
final class ClangArguments {
    /// Where the compiler says what each function takes of the stack, in the build's root.
    static final String STACK_USAGE = ".stack-usage";

    /// The linked module, in the build's root.
    static final String MODULE = ".module";

    /// The object file, in the build's root.
    static final String OBJECT = ".object";

    /// Part of an artifact's key: changes whenever other arguments make other code.
    static final String FINGERPRINT = "1:" + String.join(" ", compile(Language.C, "f")) + "|"
            + String.join(" ", compile(Language.CPP, "f")) + "|" + String.join(" ", link(Language.CPP, 0));

    private static final String LIBRARIES = "/usr/lib/wasm32-wasip1";
    private static final String RUNTIME = "/usr/lib/wasm32-unknown-wasip1";

    private ClangArguments() {}

    static List<String> compile(Language language, String fileName) {
        boolean cpp = language == Language.CPP;
        List<String> arguments = new ArrayList<>(List.of(
                cpp ? "clang++" : "clang",
                "-cc1",
                "-triple",
                "wasm32-unknown-wasip1",
                "-target-cpu",
                "generic",
                "-emit-obj",
                "-O2",
                "-vectorize-loops",
                "-vectorize-slp",
                "-disable-free",
                "-mrelocation-model",
                "static",
                "-fgnuc-version=4.2.1",
                "-fmessage-length=0",
                "-fbracket-depth",
                "256",
                "-main-file-name",
                fileName,
                "-stack-usage-file",
                STACK_USAGE,
                "-resource-dir",
                "/usr",
                "-isysroot",
                "/usr"));
        if (cpp) {
            // Without exceptions: the package's libc++abi is built without them.
            arguments.addAll(List.of(
                    "-std=gnu++17",
                    "-fdeprecated-macro",
                    "-internal-isystem",
                    "/usr/include/wasm32-wasip1/c++/v1",
                    "-internal-isystem",
                    "/usr/include/c++/v1"));
        } else {
            arguments.add("-std=gnu17");
        }
        arguments.addAll(List.of(
                "-internal-isystem",
                "/usr/include",
                "-internal-isystem",
                "/usr/include/wasm32-wasip1",
                "-o",
                OBJECT,
                "-x",
                cpp ? "c++" : "c",
                fileName));
        return arguments;
    }

    /// @param stackBytes below the data, so that an overflow traps instead of overwriting it
    static List<String> link(Language language, long stackBytes) {
        List<String> arguments = new ArrayList<>(List.of(
                "wasm-ld",
                "-m",
                "wasm32",
                "--stack-first",
                "-z",
                "stack-size=" + stackBytes,
                "-s",
                "-L" + RUNTIME,
                "-L" + LIBRARIES,
                LIBRARIES + "/crt1-command.o",
                OBJECT));
        if (language == Language.CPP) {
            arguments.addAll(List.of("-lc++", "-lc++abi"));
        }
        arguments.addAll(List.of("-lc", RUNTIME + "/libclang_rt.builtins.a", "-o", MODULE));
        return arguments;
    }
}
