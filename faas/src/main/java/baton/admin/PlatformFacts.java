package baton.admin;

/// What does not change while the platform runs, as `GET /version` shows it.
///
/// @param version of the program
/// @param httpUrl where functions answer, such as `http://127.0.0.1:8080`
/// @param adminUrl where the control plane answers
/// @param engine name and version of the WebAssembly engine
public record PlatformFacts(String version, String httpUrl, String adminUrl, String engine) {}
