package baton.build;

import baton.function.Language;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the languages need on this machine, whether it is there, and how to get it.
public final class Tools {
    private Tools() {}

    /// Whether a tool can be used.
    public enum State {
        READY,
        PREPARING,
        MISSING
    }

    /// A tool.
    ///
    /// @param name such as `clang`
    /// @param languages what needs it, as labels of the API, joined by commas
    /// @param detail version or place
    /// @param cure what to do when it is not ready, else empty
    public record Tool(String name, String languages, State state, String detail, String cure) {}

    /// Looks at everything. Starts no process, so it is quick.
    public static List<Tool> inspect(CacheDirectory cache, ClangToolchain clang) {
        List<Tool> tools = new ArrayList<>();
        Optional<Path> library = new EngineLibrary(cache).find();
        tools.add(engine(library));
        tools.add(clang(library.isPresent(), clang.state()));
        tools.add(program("node", "js", "node", "Install Node.js 20 or later (Debian: apt install nodejs)."));
        tools.add(later("python3", Language.PYTHON, "python3"));
        tools.add(later("php-cgi", Language.PHP, "php-cgi"));
        tools.add(later("rustc", Language.RUST, "rustc"));
        tools.add(later("go", Language.GO, "go"));
        return List.copyOf(tools);
    }

    private static Tool engine(Optional<Path> library) {
        String languages = "c, cpp, wasm";
        String name = "wasmtime " + EngineLibrary.VERSION;
        if (library.isPresent()) {
            return new Tool(name, languages, State.READY, library.get().toString(), "");
        }
        String cure = ExternalTool.find("pip3").isPresent()
                        || ExternalTool.find("python3").isPresent()
                ? "Start ./baton up with a network: it fetches the library by pip."
                : "Install pip (Debian: apt install python3-pip), then start ./baton up.";
        return new Tool(name, languages, State.MISSING, "the pure-Java engine serves wasm meanwhile", cure);
    }

    private static Tool clang(boolean engine, ClangToolchain.State state) {
        String detail = "@yowasp/clang " + ClangToolchain.VERSION;
        return switch (state) {
            case READY -> new Tool("clang", "c, cpp", State.READY, detail, "");
            case PREPARING ->
                new Tool(
                        "clang",
                        "c, cpp",
                        State.PREPARING,
                        detail + ", being prepared",
                        "Wait; deploys of c and cpp do.");
            case MISSING, FAILED -> new Tool("clang", "c, cpp", State.MISSING, detail, clangCure(engine, state));
        };
    }

    private static String clangCure(boolean engine, ClangToolchain.State state) {
        if (!engine) {
            return "It runs under wasmtime; get that first.";
        }
        if (ExternalTool.find("npm").isEmpty()) {
            return "Install Node.js with npm (Debian: apt install npm), then deploy a C function.";
        }
        return state == ClangToolchain.State.FAILED
                ? "Its preparation failed, see toolchain_failed in the log; the next deploy tries again."
                : "./baton up prepares it once, with a network and 2 GB of free memory.";
    }

    private static Tool program(String name, String languages, String file, String cure) {
        return ExternalTool.find(file)
                .map(path -> new Tool(name, languages, State.READY, path.toString(), ""))
                .orElseGet(() -> new Tool(name, languages, State.MISSING, "not in PATH", cure));
    }

    private static Tool later(String name, Language language, String file) {
        String place = ExternalTool.find(file).map(Path::toString).orElse("not in PATH");
        return new Tool(
                name,
                language.label(),
                State.MISSING,
                place,
                "This release does not run " + language.label() + " functions yet.");
    }
}
