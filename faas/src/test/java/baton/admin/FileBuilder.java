package baton.admin;

import baton.build.BuildException;
import baton.build.BuildException.Reason;
import baton.build.Builder;
import baton.function.Language;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A builder whose compiler copies: it lays out the files of a version as the real one does. A source with
/// `#error` does not compile; one with `#wait` takes until [#finish].
final class FileBuilder implements Builder {
    private final String compatibility;
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);
    private volatile @Nullable BuildException failure;

    FileBuilder(String compatibility) {
        this.compatibility = compatibility;
    }

    /// Lets every further build fail.
    void failWith(BuildException next) {
        failure = next;
    }

    void awaitWaiting() throws InterruptedException {
        waiting.await();
    }

    void finish() {
        finish.countDown();
    }

    @Override
    public Artifact build(Language language, String fileName, byte[] source, Path directory) throws BuildException {
        String text = new String(source, StandardCharsets.UTF_8);
        BuildException next = failure;
        if (next != null) {
            throw next;
        }
        if (text.contains("#error")) {
            throw new BuildException(
                    Reason.SOURCE, fileName + " does not compile", fileName + ":1:2: error: it says so");
        }
        try {
            if (text.contains("#wait")) {
                waiting.countDown();
                finish.await();
            }
            Path code = Files.write(directory.resolve("code." + language.extension()), source);
            if (language.runner() != Language.Runner.WASM) {
                return new Artifact(code, sha256(source), false);
            }
            Files.write(directory.resolve("code.wasm"), source);
            return recompile(directory);
        } catch (IOException e) {
            throw new BuildException(Reason.PLATFORM, "cannot write: " + e.getMessage(), "");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Artifact recompile(Path directory) throws BuildException {
        try {
            byte[] wasm = Files.readAllBytes(directory.resolve("code.wasm"));
            byte[] made = (compatibility + new String(wasm, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            return new Artifact(Files.write(directory.resolve("code.cwasm"), made), sha256(made), true);
        } catch (IOException e) {
            throw new BuildException(Reason.PLATFORM, "cannot read: " + e.getMessage(), "");
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String compatibility() {
        return compatibility;
    }

    @Override
    public void close() {}
}
