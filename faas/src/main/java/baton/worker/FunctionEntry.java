package baton.worker;

import baton.engine.CompiledModule;
import baton.function.FunctionVersion;
import baton.metrics.FunctionCounters;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One version of a function in this worker: what it needs to run, and what was counted. Counters and
/// [#inflight] belong to the leader; the module is set by whichever slot loaded it.
final class FunctionEntry {
    private final FunctionVersion version;
    private final byte[] identity;
    private final Speed speed = new Speed();
    private final FunctionCounters counters = new FunctionCounters();
    private volatile @Nullable CompiledModule module;
    private volatile @Nullable StaticContent content;
    private @Nullable HostLink host;

    /// How long the module took to load before a request needed it; counted once by the leader.
    volatile long loadNanos;

    /// Invocations under way in this worker.
    int inflight;

    /// Counters changed since the last report.
    boolean changed;

    /// Not live any more; what it has loaded goes when its last invocation ends.
    boolean retired;

    /// When it was last asked for, for unloading.
    long lastUsedNanos;

    /// @param worker the value of `X-Baton-Worker`
    FunctionEntry(FunctionVersion version, String worker) {
        this.version = version;
        this.identity = ("X-Baton-Function: " + version.name() + "\r\nX-Baton-Version: " + version.id()
                        + "\r\nX-Baton-Worker: " + worker + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    FunctionVersion version() {
        return version;
    }

    /// Header lines that name function, version and worker.
    byte[] identity() {
        return identity;
    }

    Speed speed() {
        return speed;
    }

    FunctionCounters counters() {
        return counters;
    }

    @Nullable
    CompiledModule module() {
        return module;
    }

    void module(@Nullable CompiledModule loaded) {
        module = loaded;
    }

    @Nullable
    StaticContent content() {
        return content;
    }

    void content(StaticContent loaded) {
        content = loaded;
    }

    @Nullable
    HostLink host() {
        return host;
    }

    void host(@Nullable HostLink link) {
        host = link;
    }
}
