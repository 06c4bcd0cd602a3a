package baton.http;

/// What the CGI variables say about the connection.
///
/// @param remoteAddress the client's address, in text
/// @param remotePort the client's port
/// @param serverName host name or address of this server, for requests that name no host
/// @param serverPort the port that the client came to
/// @param tls whether the client speaks TLS
public record CgiConnection(String remoteAddress, int remotePort, String serverName, int serverPort, boolean tls) {}
