package baton.registry;

import baton.function.FunctionLimits;
import baton.function.FunctionVersion;
import baton.function.Isolation;
import baton.function.Language;
import baton.function.VersionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// Versions to store, and the `sqlite3` program to edit with.
public final class RegistryFixture {
    private RegistryFixture() {}

    /// A live version of a page.
    public static StoredVersion page(String id) {
        FunctionVersion version = new FunctionVersion(
                VersionId.parse(id),
                Language.HTML,
                FunctionLimits.DEFAULT,
                Map.of("GREETING", "hé \"you\""),
                Isolation.SHARED,
                1,
                "00ff");
        return new StoredVersion(version, "page.html", false, 12, "", 1_760_055_556_000L, true);
    }

    /// Runs one SQL script as an administrator would.
    ///
    /// @return what the program printed
    public static String sqlite3(Path file, String sql) {
        try {
            Process process = new ProcessBuilder("sqlite3", file.toString(), sql)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError("sqlite3: " + output);
            }
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the tests need the sqlite3 program", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
