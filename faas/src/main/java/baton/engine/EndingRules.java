package baton.engine;

import baton.engine.wasi.Stop;
import baton.engine.wasi.WasiContext;
import org.jspecify.annotations.Nullable;

/// Decides how an invocation ended, by the same rules for every engine, and puts the exit code and the
/// failure's sentence into its context.
public final class EndingRules {
    /// Linear memory counts as exhausted when less than this part of the limit is left.
    private static final int NEAR_LIMIT_PART = 8;

    private static final int MESSAGE_CHARACTERS = 500;

    private EndingRules() {}

    /// @param stop why the host stopped the guest, [Stop#NONE] when the guest ended by itself
    /// @param memoryBytes linear memory at the end
    /// @param trap the engine's message when it did not end well, else null; unused if the host stopped the
    ///     guest
    public static Ending decide(WasiContext context, Stop stop, long memoryBytes, @Nullable String trap) {
        return switch (stop) {
            case DEADLINE -> fail(context, Ending.TIMED_OUT, "the deadline passed before the function ended");
            case OUTPUT ->
                fail(context, Ending.OUTPUT_TOO_LARGE, "stdout is over the limit of " + context.outputBytes + " bytes");
            case HOST_FAILURE -> fail(context, Ending.REFUSED, "a host function failed: " + context.failure);
            case EXIT -> exited(context, memoryBytes);
            case NONE -> trap == null ? Ending.RETURNED : trapped(context, memoryBytes, trap);
        };
    }

    /// The ending of a module whose initial memory is over the invocation's limit; it never ran.
    public static Ending memoryRefused(WasiContext context, long initialMemoryBytes) {
        return fail(
                context,
                Ending.OUT_OF_MEMORY,
                "the function begins with " + initialMemoryBytes + " bytes of memory, over its limit of "
                        + context.memoryBytes);
    }

    /// The ending when the engine had no memory for the guest, though the guest was within its limit.
    public static Ending engineOutOfMemory(WasiContext context) {
        return fail(context, Ending.OUT_OF_MEMORY, "the worker has no memory left for the function");
    }

    /// The ending when the platform could not make the instance.
    public static Ending refused(WasiContext context, String message) {
        return fail(context, Ending.REFUSED, message);
    }

    private static Ending exited(WasiContext context, long memoryBytes) {
        if (context.exitCode == 0) {
            return Ending.RETURNED;
        }
        String message = "the function exited with code " + Integer.toUnsignedString(context.exitCode);
        if (nearLimit(context, memoryBytes)) {
            return fail(context, Ending.OUT_OF_MEMORY, message + atLimit(context));
        }
        return fail(context, Ending.EXITED, message);
    }

    private static Ending trapped(WasiContext context, long memoryBytes, String trap) {
        if (nearLimit(context, memoryBytes)) {
            return fail(context, Ending.OUT_OF_MEMORY, trap + atLimit(context));
        }
        return fail(context, Ending.TRAPPED, trap);
    }

    private static String atLimit(WasiContext context) {
        return " at its memory limit of " + context.memoryBytes + " bytes";
    }

    private static boolean nearLimit(WasiContext context, long memoryBytes) {
        return memoryBytes >= context.memoryBytes - context.memoryBytes / NEAR_LIMIT_PART;
    }

    private static Ending fail(WasiContext context, Ending ending, String message) {
        String line = message.replace('\n', ' ').replace('\r', ' ');
        context.failure = line.length() > MESSAGE_CHARACTERS ? line.substring(0, MESSAGE_CHARACTERS) : line;
        return ending;
    }
}
