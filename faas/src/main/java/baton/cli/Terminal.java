package baton.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Where a command writes: results to `out`, everything said about them to `err`. Both are UTF-8 whatever the
/// locale, and `out` takes raw bytes as well.
public final class Terminal {
    private static final int BUFFER_BYTES = 8 << 10;
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean live;

    /// @param live whether `err` is a terminal that a person looks at: lines may be coloured and overwritten
    Terminal(PrintStream out, PrintStream err, boolean live) {
        this.out = out;
        this.err = err;
        this.live = live;
    }

    /// The terminal of this process. The launcher tells whether it is one: asking the JDK would load a line
    /// editor.
    static Terminal ofProcess() {
        boolean live = Boolean.getBoolean("baton.tty") && System.getenv("NO_COLOR") == null;
        return new Terminal(stream(FileDescriptor.out, false), stream(FileDescriptor.err, true), live);
    }

    private static PrintStream stream(FileDescriptor descriptor, boolean flushLines) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER_BYTES),
                flushLines,
                StandardCharsets.UTF_8);
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    public boolean isLive() {
        return live;
    }

    void error(String sentence) {
        err.println((live ? RED + "error:" + PLAIN : "error:") + " " + printable(sentence));
    }

    /// Shows how far something is: on a terminal the line replaces the one before.
    public void progress(String text) {
        if (live) {
            err.print("\r\u001b[K" + text);
            err.flush();
        } else {
            err.println(text);
        }
    }

    /// Removes the last progress line from a terminal.
    public void clearProgress() {
        if (live) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }

    /// Flushes both streams.
    ///
    /// @return false when what was written did not arrive, as on a full disk or a closed pipe
    boolean finish() {
        boolean arrived = !out.checkError();
        err.flush();
        return arrived;
    }

    /// A text of the platform without characters that would act on the terminal.
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
    }
}
