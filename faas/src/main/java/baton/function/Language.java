package baton.function;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// A language that a function can be written in, who runs it, and the extension of its source file.
///
/// Rust, Go, Python and PHP have their place here and in the builder, and are refused at deploy until their
/// builders stand.
public enum Language {
    C("c", Runner.WASM, true),
    CPP("cpp", Runner.WASM, true),
    RUST("rs", Runner.WASM, false),
    GO("go", Runner.WASM, false),
    WASM("wasm", Runner.WASM, true),
    JS("js", Runner.HOST, true),
    PYTHON("py", Runner.HOST, false),
    PHP("php", Runner.HOST, false),
    HTML("html", Runner.STATIC, true);

    /// Who runs the functions of a language.
    public enum Runner {
        /// The WebAssembly engine inside the worker.
        WASM,
        /// A warm process of the language's own runtime, one function each.
        HOST,
        /// The worker itself answers with the file.
        STATIC
    }

    private final String extension;
    private final Runner runner;
    private final boolean deployable;

    Language(String extension, Runner runner, boolean deployable) {
        this.extension = extension;
        this.runner = runner;
        this.deployable = deployable;
    }

    /// The value of `lang` in the API: `c`, `cpp`, `rust`, `go`, `wasm`, `js`, `python`, `php`, `html`.
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// The extension of the stored source, without a dot.
    public String extension() {
        return extension;
    }

    public Runner runner() {
        return runner;
    }

    /// Whether this release can deploy it.
    public boolean deployable() {
        return deployable;
    }

    public static Optional<Language> ofLabel(String label) {
        return Arrays.stream(values()).filter(l -> l.label().equals(label)).findFirst();
    }

    /// The language of a source file by its name's end, as the command line guesses it.
    public static Optional<Language> ofFileName(String fileName) {
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT);
        return switch (extension) {
            case "c" -> Optional.of(C);
            case "cc", "cpp", "cxx" -> Optional.of(CPP);
            case "rs" -> Optional.of(RUST);
            case "go" -> Optional.of(GO);
            case "wasm" -> Optional.of(WASM);
            case "js", "mjs", "cjs" -> Optional.of(JS);
            case "py" -> Optional.of(PYTHON);
            case "php" -> Optional.of(PHP);
            case "html", "htm" -> Optional.of(HTML);
            default -> Optional.empty();
        };
    }

    /// The labels that can be deployed, for error messages: `c, cpp, wasm, js, html`.
    public static String deployableLabels() {
        return Arrays.stream(values())
                .filter(Language::deployable)
                .map(Language::label)
                .collect(Collectors.joining(", "));
    }
}
