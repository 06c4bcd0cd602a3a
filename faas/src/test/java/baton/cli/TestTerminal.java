package baton.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A terminal that nobody reads.
public final class TestTerminal {
    private TestTerminal() {}

    public static Terminal quiet() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Terminal(nowhere, nowhere, false);
    }
}
