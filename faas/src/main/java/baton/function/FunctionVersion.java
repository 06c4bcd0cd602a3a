package baton.function;

import java.util.Map;

/// One immutable version of a function, as the registry records it and as workers run it.
///
/// @param id name and deploy time
/// @param language what the source is written in
/// @param limits what one invocation may use
/// @param environment the function's own variables, beside the CGI ones
/// @param isolation shared pool or own workers
/// @param instances how many workers a dedicated function has
/// @param artifactSha256 SHA-256 of what runs, in lower-case hex: the precompiled module, or the source
public record FunctionVersion(
        VersionId id,
        Language language,
        FunctionLimits limits,
        Map<String, String> environment,
        Isolation isolation,
        int instances,
        String artifactSha256) {

    public FunctionVersion {
        environment = Map.copyOf(environment);
        if (instances < 1 || instances > 64) {
            throw new IllegalArgumentException("instances must be 1 to 64");
        }
    }

    public FunctionName name() {
        return id.name();
    }
}
