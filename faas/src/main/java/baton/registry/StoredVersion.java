package baton.registry;

import baton.function.FunctionName;
import baton.function.FunctionVersion;
import baton.function.VersionId;

/// A version as it stands on disk: what workers run, and what only the control plane asks for.
///
/// @param version what workers run
/// @param fileName name of the source as its author knows it, such as `hello.c`
/// @param wasm whether the engine runs it, so that `code.wasm` and `code.cwasm` exist
/// @param sourceBytes size of the source
/// @param compatibility the engine's compatibility that `code.cwasm` was made under; empty without one
/// @param createdEpochMillis when it was deployed
/// @param live whether the function's name leads to it
public record StoredVersion(
        FunctionVersion version,
        String fileName,
        boolean wasm,
        long sourceBytes,
        String compatibility,
        long createdEpochMillis,
        boolean live) {

    public VersionId id() {
        return version.id();
    }

    public FunctionName name() {
        return version.name();
    }

    public StoredVersion withLive(boolean value) {
        return new StoredVersion(version, fileName, wasm, sourceBytes, compatibility, createdEpochMillis, value);
    }

    /// The same version after its module was compiled anew.
    ///
    /// @param sha256 of the new precompiled form
    public StoredVersion recompiled(String sha256, String newCompatibility) {
        FunctionVersion next = new FunctionVersion(
                version.id(),
                version.language(),
                version.limits(),
                version.environment(),
                version.isolation(),
                version.instances(),
                sha256);
        return new StoredVersion(next, fileName, wasm, sourceBytes, newCompatibility, createdEpochMillis, live);
    }
}
