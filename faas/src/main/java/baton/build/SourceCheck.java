package baton.build;

import baton.build.BuildException.Reason;
import baton.function.Language;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// What every source must be before a tool sees it: not empty, not too large, and text where text is meant.
final class SourceCheck {
    /// Largest source of a compiled language.
    static final int COMPILED_BYTES = 1 << 20;

    /// Largest WebAssembly module.
    static final int MODULE_BYTES = 32 << 20;

    /// Largest script or page.
    static final int TEXT_BYTES = 16 << 20;

    private static final int NAME_CHARACTERS = 100;

    private SourceCheck() {}

    /// @throws BuildException with reason SOURCE or LIMIT
    static void require(Language language, String fileName, byte[] source) throws BuildException {
        if (source.length == 0) {
            throw new BuildException(Reason.SOURCE, fileName + " is empty", "");
        }
        int limit = limit(language);
        if (source.length > limit) {
            throw new BuildException(
                    Reason.LIMIT,
                    fileName + " has " + source.length + " bytes; a source in " + language.label()
                            + " may have at most " + limit,
                    "");
        }
        if (language != Language.WASM) {
            requireText(fileName, source);
        }
    }

    private static int limit(Language language) {
        return switch (language) {
            case C, CPP, RUST, GO -> COMPILED_BYTES;
            case WASM -> MODULE_BYTES;
            case JS, PYTHON, PHP, HTML -> TEXT_BYTES;
        };
    }

    private static void requireText(String fileName, byte[] source) throws BuildException {
        for (int i = 0; i < source.length; i++) {
            if (source[i] == 0) {
                throw new BuildException(
                        Reason.SOURCE, fileName + ":" + line(source, i) + ": there is a NUL byte; source is text", "");
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(source);
        CoderResult result =
                StandardCharsets.UTF_8.newDecoder().decode(bytes, CharBuffer.allocate(source.length), true);
        if (result.isError()) {
            int at = bytes.position();
            String found = String.format(java.util.Locale.ROOT, "0x%02X", source[at]);
            throw new BuildException(
                    Reason.SOURCE,
                    fileName + ":" + line(source, at) + ": the byte " + found
                            + " is not UTF-8; save the source in that encoding",
                    "");
        }
    }

    private static int line(byte[] source, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (source[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    /// The last part of an author's file name, with only such characters as are no trouble in messages and on
    /// command lines.
    static String cleanName(Language language, String fileName) {
        String last = fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
        String clean = last.replaceAll("[^A-Za-z0-9._+-]", "_").replaceAll("^[.-]+", "");
        String named = clean.isEmpty() ? "function." + language.extension() : clean;
        return named.substring(Math.max(0, named.length() - NAME_CHARACTERS));
    }
}
