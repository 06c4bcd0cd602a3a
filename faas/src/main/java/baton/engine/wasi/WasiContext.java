package baton.engine.wasi;

import baton.posix.NativeBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one invocation sees through WASI, and what it leaves behind. One object per runner thread, used
/// again for each invocation: the fields are set before a run and read after it, by the same thread.
public final class WasiContext {
    /// The request body, as stdin.
    public byte[] stdin = new byte[0];

    public int stdinOffset;
    public int stdinLength;

    /// The function's name: `argv[0]`, the only argument that functions get.
    public String argument = "main";

    /// Further arguments, for programs that are not functions.
    public List<String> moreArguments = List.of();

    /// Asked for the environment only when the guest asks; see [EnvironmentSource].
    public EnvironmentSource environment = EnvironmentSource.EMPTY;

    /// Cap of linear memory in bytes.
    public long memoryBytes = 64L << 20;

    /// [System#nanoTime] at which the invocation is cut.
    public long deadlineNanos;

    /// How many bytes stdout may take.
    public long outputBytes = 4L << 20;

    /// stdout is appended here, after whatever room the caller left in front.
    public NativeBuffer stdout;

    /// The first bytes of stderr; the rest is counted in [#stderrDropped].
    public final byte[] stderr = new byte[STDERR_BYTES];

    public int stderrLength;
    public long stderrDropped;

    /// After [baton.engine.Ending#EXITED]: the code.
    public int exitCode;

    /// After a failure: one sentence, such as `wasm trap: integer divide by zero`.
    public @Nullable String failure;

    /// How much of one invocation's stderr is kept for the log, in bytes.
    public static final int STDERR_BYTES = 16 << 10;

    public WasiContext(NativeBuffer stdout) {
        this.stdout = stdout;
    }
}
