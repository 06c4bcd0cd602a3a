package baton.registry;

/// One row of the table of routes as it stands in the file, valid or not.
///
/// @param key `METHOD:URI`
/// @param value the JSON descriptor `{"function":"NAME"}`
/// @param updatedEpochSeconds what its writer put there; Baton does not rely on it
public record RouteRow(String key, String value, long updatedEpochSeconds) {}
