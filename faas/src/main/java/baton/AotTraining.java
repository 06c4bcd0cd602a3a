package baton;

import baton.build.CacheDirectory;
import baton.config.PlatformConfig;
import baton.log.Log;

/// Records the ahead-of-time caches in the background, once for each build of the program.
final class AotTraining {
    private final PlatformConfig config;
    private final AotCaches aot;
    private final CacheDirectory cache;
    private final Log log;

    AotTraining(PlatformConfig config, AotCaches aot, CacheDirectory cache, Log log) {
        this.config = config;
        this.aot = aot;
        this.cache = cache;
        this.log = log;
    }

    void beginIfNeeded() {}
}
