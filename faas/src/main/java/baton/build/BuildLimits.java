package baton.build;

import baton.function.Language;
import java.time.Duration;

/// How long builds may take.
final class BuildLimits {
    private BuildLimits() {}

    /// Wall-clock time of one build, after which its process is ended.
    static Duration wall(Language language) {
        return switch (language) {
            case C -> Duration.ofSeconds(10);
            case CPP -> Duration.ofSeconds(30);
            case WASM, RUST, GO -> Duration.ofSeconds(60);
            case JS, PYTHON, PHP, HTML -> Duration.ofSeconds(5);
        };
    }
}
