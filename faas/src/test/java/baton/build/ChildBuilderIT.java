package baton.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import baton.build.BuildException.Reason;
import baton.function.Language;
import baton.log.LogEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Builds with the real compiler out of the user's cache, where the first run on a machine puts it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChildBuilderIT {
    private static final String HELLO = "#include <stdio.h>\nint main(void) { puts(\"Hello from FAAS!\"); }\n";

    private final RecordedLog log = new RecordedLog();
    private final CacheDirectory cache = CacheDirectory.ofEnvironment(System.getenv());
    private ChildBuilder builder;
    private Path library;
    private Path directory;

    @BeforeAll
    void open() throws BuildException, IOException {
        library = new EngineLibrary(cache).prepare(Progress.NONE);
        EngineKind engine = new EngineKind.Wasmtime(library);
        ClangToolchain clang = new ClangToolchain(cache, engine, log);
        clang.prepare(Progress.NONE);
        builder = new ChildBuilder(cache, engine, clang, log);
    }

    @BeforeEach
    void enter(@TempDir Path fresh) {
        directory = fresh;
    }

    /// Every fault leaves a builder that builds.
    @AfterEach
    void stillBuilds(@TempDir Path fresh) throws BuildException {
        assertThat(builder.build(Language.C, "hello.c", unique(HELLO), fresh).wasm())
                .isTrue();
    }

    @AfterAll
    void close() throws IOException {
        builder.close();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void buildsCThatRuns() throws Exception {
        Builder.Artifact artifact = build("hello.c", HELLO);
        assertThat(artifact.wasm()).isTrue();
        assertThat(artifact.file()).isEqualTo(directory.resolve("code.cwasm"));
        assertThat(artifact.sha256()).isEqualTo(Sha256.of(directory.resolve("code.cwasm")));
        assertThat(directory.resolve("code.c")).hasBinaryContent(unique(HELLO));
        assertThat(FunctionRun.of(library, artifact.file(), "")).isEqualTo("Hello from FAAS!\n");
    }

    @Test
    void buildsCppThatRuns() throws Exception {
        String source = "#include <iostream>\n#include <string>\nint main() { std::string s; std::cin >> s;"
                + " std::cout << \"Hello \" << s << '\\n'; }\n";
        Builder.Artifact artifact = build("hello.cpp", source);
        assertThat(FunctionRun.of(library, artifact.file(), "you")).isEqualTo("Hello you\n");
    }

    @Test
    void givesLargeFramesTheStackThatTheyAskFor() throws Exception {
        String source = "#include <stdio.h>\n#include <string.h>\nstatic volatile char sum;\n"
                + "int main(void) { volatile char b[700000]; for (int i = 0; i < 700000; i++) b[i] = 1;"
                + " int n = 0; for (int i = 0; i < 700000; i++) n += b[i]; printf(\"%d\\n\", n); }\n";
        assertThat(FunctionRun.of(library, build("frame.c", source).file(), "")).isEqualTo("700000\n");
    }

    @Test
    void keepsWarningsFromFailingTheBuild() throws BuildException {
        assertThat(build("warn.c", "#warning careful\nint main(void) { }\n").wasm())
                .isTrue();
    }

    @Test
    void answersAnEqualSourceWithoutAnotherBuild(@TempDir Path second) throws BuildException {
        byte[] source = unique(HELLO);
        Builder.Artifact first = builder.build(Language.C, "hello.c", source, directory);
        long builds = count(LogEvent.BUILD_STARTED);
        Builder.Artifact again = builder.build(Language.C, "hello.c", source, second);
        assertThat(again.sha256()).isEqualTo(first.sha256());
        assertThat(second.resolve("code.wasm")).hasSameBinaryContentAs(directory.resolve("code.wasm"));
        assertThat(count(LogEvent.BUILD_STARTED)).isEqualTo(builds);
    }

    @Test
    void recompilesFromTheModule() throws Exception {
        build("hello.c", HELLO);
        Files.writeString(directory.resolve("code.cwasm"), "made by another engine");
        Builder.Artifact artifact = builder.recompile(directory);
        assertThat(FunctionRun.of(library, artifact.file(), "")).isEqualTo("Hello from FAAS!\n");
        assertThat(directory.resolve("code.cwasm.new")).doesNotExist();
    }

    @Test
    void storesPagesAndScriptsAsTheyAre() throws BuildException, IOException {
        byte[] page = "<h1>Hello</h1>".getBytes(StandardCharsets.UTF_8);
        Builder.Artifact artifact = builder.build(Language.HTML, "a.html", page, directory);
        assertThat(artifact).isEqualTo(new Builder.Artifact(directory.resolve("code.html"), Sha256.of(page), false));
        assertThat(artifact.file()).hasBinaryContent(page);
    }

    @Test
    void tellsTheCompilersOwnMessageWithLineAndColumn() {
        BuildException failure = failure("hello.c", "int main(void) {\n    return x;\n}\n");
        assertThat(failure).hasMessage("hello.c does not compile");
        assertThat(failure.reason()).isEqualTo(Reason.SOURCE);
        assertThat(failure.detail())
                .startsWith("hello.c:2:12: error: use of undeclared identifier 'x'")
                .endsWith("1 error generated.")
                .doesNotContain(cache.root().toString());
    }

    @Test
    void namesWhatTheLinkerMisses() {
        BuildException failure = failure("main.c", "int f(void); int main(void) { return f(); }\n");
        assertThat(failure).hasMessage("main.c does not link");
        assertThat(failure.detail()).isEqualTo("wasm-ld: error: main.c: undefined symbol: f");
    }

    @Test
    void namesTheImportThatDoesNotExist() {
        String source = "__attribute__((import_module(\"env\"), import_name(\"nope\"))) int nope(void);\n"
                + "int main(void) { return nope(); }\n";
        BuildException failure = failure("import.c", source);
        assertThat(failure.reason()).isEqualTo(Reason.SOURCE);
        assertThat(failure).hasMessageContaining("env").hasMessageContaining("nope");
    }

    @Test
    void refusesModulesThatAreCutShort() throws Exception {
        build("hello.c", HELLO);
        byte[] whole = Files.readAllBytes(directory.resolve("code.wasm"));
        byte[] part = java.util.Arrays.copyOf(whole, whole.length / 2);
        assertThatThrownBy(() -> builder.build(Language.WASM, "x.wasm", part, directory))
                .isInstanceOf(BuildException.class)
                .hasMessageContaining("unexpected end")
                .extracting(failure -> ((BuildException) failure).reason())
                .isEqualTo(Reason.SOURCE);
    }

    @Test
    void showsTheCompilerNoFileOfTheHost() {
        assertThat(failure("a.c", "#include \"/etc/passwd\"\nint main(void) { }\n")
                        .detail())
                .startsWith("a.c:1:10: fatal error: '/etc/passwd' file not found");
        assertThat(failure("a.c", "#include \"../../../../etc/passwd\"\nint main(void) { }\n")
                        .detail())
                .contains("Operation not permitted");
    }

    @Test
    void endsASourceThatIncludesItself() {
        BuildException failure = failure("self.c", "#include \"self.c\"\nint main(void) { }\n");
        assertThat(failure.detail())
                .contains("error: #include nested too deeply")
                .hasSizeLessThan(2000);
    }

    @Test
    void endsEndlessTemplates() {
        String source =
                "template<int N> struct A { static const int v = A<N+1>::v; };\n" + "int main() { return A<0>::v; }\n";
        assertThat(failure("t.cpp", source).detail()).contains("recursive template instantiation exceeded");
    }

    @Test
    void refusesWhatTakesTooMuchMemory() {
        BuildException failure = failure("big.c", "char a[2000000000] = {1}; int main(void) { return a[3]; }\n");
        assertThat(failure.reason()).isEqualTo(Reason.LIMIT);
        assertThat(failure).hasMessageContaining("memory");
    }

    @Test
    void refusesAFrameLargerThanAnyStack() {
        String source = "int main(int n, char **v) { volatile char b[20000000]; b[n] = 1; return b[n + 1]; }\n";
        assertThat(failure("frame.c", source))
                .hasMessage("The function main in frame.c takes 20000000 bytes of stack; the whole stack has at most "
                        + "16777216. Make its large variables static or allocate them.");
    }

    @Test
    void reportsANestingThatTheCompilerCannotBear() {
        BuildException failure =
                failure("sum.c", "int main(int a, char **v) { return a" + "+a".repeat(200_000) + "; }\n");
        assertThat(failure.reason()).isEqualTo(Reason.SOURCE);
        assertThat(failure).hasMessageContaining("The compiler itself failed on sum.c");
    }

    @Test
    void endsABuildThatTakesTooLong() {
        String source = "#if __INCLUDE_LEVEL__ < 60\n#include \"slow.c\"\n#include \"slow.c\"\n#endif\n";
        BuildException failure = failure("slow.c", source);
        assertThat(failure.reason()).isEqualTo(Reason.LIMIT);
        assertThat(failure).hasMessage("Building slow.c took longer than the 10 s that a build gets.");
        assertThat(log.events()).contains(LogEvent.BUILDER_EXITED);
    }

    @Test
    void startsAnotherProcessWhenItsOwnDies() throws BuildException {
        build("hello.c", HELLO);
        List<ProcessHandle> children = builders();
        assertThat(children).hasSize(1);
        children.getFirst().destroyForcibly();
        children.getFirst().onExit().join();
        assertThat(build("again.c", HELLO).wasm()).isTrue();
    }

    @Test
    void letsASmallNumberOfBuildsWait() throws Exception {
        List<Future<Builder.Artifact>> builds = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < ChildBuilder.QUEUE_LIMIT + 20; i++) {
                Path own = Files.createDirectory(directory.resolve("b" + i));
                byte[] source = unique(HELLO + "//" + i);
                builds.add(threads.submit(() -> builder.build(Language.C, "hello.c", source, own)));
            }
        }
        Set<Future.State> states = builds.stream().map(Future::state).collect(Collectors.toSet());
        assertThat(states).containsExactlyInAnyOrder(Future.State.SUCCESS, Future.State.FAILED);
        builds.stream()
                .filter(build -> build.state() == Future.State.FAILED)
                .forEach(build -> assertThat(build.exceptionNow())
                        .isInstanceOfSatisfying(
                                BuildException.class,
                                failure -> assertThat(failure.reason()).isEqualTo(Reason.BUSY)));
    }

    private Builder.Artifact build(String fileName, String source) throws BuildException {
        Language language = Language.ofFileName(fileName).orElseThrow();
        return builder.build(language, fileName, unique(source), directory);
    }

    private BuildException failure(String fileName, String source) {
        return catchThrowableOfType(BuildException.class, () -> build(fileName, source));
    }

    /// A source that no earlier run of the tests left in the cache.
    private byte[] unique(String source) {
        return (source + "//" + directory + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private long count(LogEvent event) {
        return log.events().stream().filter(event::equals).count();
    }

    private static List<ProcessHandle> builders() {
        return ProcessHandle.current().children().toList();
    }

    private List<Path> leftovers() throws IOException {
        String mine = "-" + ProcessHandle.current().pid() + "-";
        try (var entries = Files.list(cache.path("tmp"))) {
            return entries.filter(entry -> entry.getFileName().toString().contains(mine))
                    .toList();
        }
    }
}
