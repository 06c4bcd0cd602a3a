package baton.build;

import baton.function.Language;
import java.nio.file.Path;

/// Turns the source of a function into what workers run. Safe for use by several threads; builds beyond the
/// builder's own limit wait in order.
public interface Builder extends AutoCloseable {
    /// Builds into a directory that holds nothing yet: the source as `code.<ext>`, for the languages that the
    /// engine runs also `code.wasm` and its precompiled form `code.cwasm`. Files are written, not yet
    /// fsynced.
    ///
    /// @param fileName name of the source as its author knows it, for the compiler's messages, such as
    ///     `hello.c`
    /// @throws BuildException when the source is at fault, a limit was hit or a tool is missing
    Artifact build(Language language, String fileName, byte[] source, Path directory) throws BuildException;

    /// Recompiles the precompiled form from `code.wasm`, after the engine changed.
    Artifact recompile(Path directory) throws BuildException;

    /// Value of [baton.engine.Engine#compatibility] that artifacts are made under.
    String compatibility();

    /// What a build leaves.
    ///
    /// @param file what workers run: the precompiled module, or the source itself
    /// @param sha256 of that file, in lower-case hex
    /// @param wasm whether the engine runs it
    record Artifact(Path file, String sha256, boolean wasm) {}

    @Override
    void close();
}
