package baton.build;

import baton.build.BuildException.Reason;
import baton.engine.InvalidModuleException;
import baton.engine.wasmtime.CommandRunner;
import baton.engine.wasmtime.CommandRunner.Command;
import baton.engine.wasmtime.CommandRunner.Directory;
import baton.engine.wasmtime.CommandRunner.Outcome;
import baton.function.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Compiles C and C++ with clang and wasm-ld, which run as WebAssembly and see nothing but the build's own
/// directory as `/` and the headers and libraries as `/usr`. Belongs to the builder's thread.
final class ClangCompiler {
    /// Cap of the compiler's linear memory.
    static final long MEMORY_BYTES = 1L << 30;

    private final CommandRunner runner;
    private final Path sysroot;

    private ClangCompiler(CommandRunner runner, Path sysroot) {
        this.runner = runner;
        this.sysroot = sysroot;
    }

    /// Loads the compiler.
    ///
    /// @throws BuildException with reason TOOL when its translated form cannot be used here
    static ClangCompiler open(Path libwasmtime, Path precompiled, Path sysroot) throws BuildException, IOException {
        CommandRunner runner = CommandRunner.open(libwasmtime);
        try {
            runner.load(precompiled);
            return new ClangCompiler(runner, sysroot);
        } catch (InvalidModuleException failure) {
            runner.close();
            throw new BuildException(
                    Reason.TOOL,
                    "The compiler in the cache cannot be used (" + failure.getMessage() + "); delete " + precompiled
                            + ", so that it is made anew.",
                    "");
        }
    }

    /// Compiles and links.
    ///
    /// @param work directory of the build: the source is in its `root`, `code.wasm` is put into it
    void compile(Language language, Path work, String fileName) throws BuildException, IOException {
        Path root = work.resolve("root");
        run(work, root, fileName, "compile", ClangArguments.compile(language, fileName));
        List<StackSize.Frame> frames;
        try (var lines = Files.lines(root.resolve(ClangArguments.STACK_USAGE))) {
            frames = lines.map(StackSize::parse).toList();
        }
        long stack = StackSize.choose(frames);
        if (stack > StackSize.LIMIT_BYTES) {
            throw new BuildException(Reason.LIMIT, tooLargeFrame(fileName, frames), "");
        }
        run(work, root, fileName, "link", ClangArguments.link(language, stack));
        Files.move(root.resolve(ClangArguments.MODULE), work.resolve(BuildServer.WASM));
    }

    private static String tooLargeFrame(String fileName, List<StackSize.Frame> frames) {
        StackSize.Frame largest = frames.stream()
                .max(java.util.Comparator.comparingLong(StackSize.Frame::bytes))
                .orElseThrow();
        return "The function " + largest.function().replaceFirst("^__(main_argc_argv|original_main)$", "main") + " in "
                + fileName + " takes " + largest.bytes()
                + " bytes of stack; the whole stack has at most " + StackSize.LIMIT_BYTES
                + ". Make its large variables static or allocate them.";
    }

    private void run(Path work, Path root, String fileName, String verb, List<String> arguments)
            throws BuildException, IOException {
        Path errors = work.resolve("errors.txt");
        List<Directory> directories = List.of(new Directory(root, "/", true), new Directory(sysroot, "/usr", false));
        Command command = new Command(arguments, directories, work.resolve("output.txt"), errors, MEMORY_BYTES);
        Outcome outcome = runner.run(command);
        if (outcome instanceof Outcome.Exited(int status) && status == 0) {
            return;
        }
        String messages = CompilerMessages.read(errors, fileName);
        if (CompilerMessages.tellOfMemory(messages)) {
            String limit = (MEMORY_BYTES >> 20) + " MiB";
            throw new BuildException(
                    Reason.LIMIT,
                    "To " + verb + " " + fileName + " takes more memory than the " + limit + " that a build gets.",
                    messages);
        }
        switch (outcome) {
            case Outcome.Exited _ -> throw new BuildException(Reason.SOURCE, fileName + " does not " + verb, messages);
            case Outcome.Trapped(String message) ->
                throw new BuildException(
                        Reason.SOURCE,
                        "The compiler itself failed on " + fileName + " (" + message
                                + "); simplify what is nested or generated.",
                        messages);
        }
    }
}
