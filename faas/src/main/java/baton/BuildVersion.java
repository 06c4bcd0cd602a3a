package baton;

import java.util.Optional;

/// The version of this build, out of the jar's manifest.
final class BuildVersion {
    private BuildVersion() {}

    static String text() {
        return Optional.ofNullable(Platform.class.getPackage().getImplementationVersion())
                .orElse("dev");
    }
}
