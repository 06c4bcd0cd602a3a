package baton.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which platform a command talks to, and with which token.
public final class ConnectionOptions {
    static final String DEFAULT_URL = "http://127.0.0.1:8081";

    @Option(
            names = "--admin-url",
            paramLabel = "URL",
            description = "admin API of the platform; else BATON_URL, else " + DEFAULT_URL)
    private @Nullable String adminUrl;

    @Option(names = "--token", paramLabel = "TOKEN", description = "the platform's token; better set as BATON_TOKEN")
    private @Nullable String token;

    /// @throws CommandException when the URL or the token cannot be used
    public AdminClient client() {
        String url = given(adminUrl, "BATON_URL");
        String secret = given(token, "BATON_TOKEN");
        if (secret != null && !secret.matches("[!-~]{1,1024}")) {
            throw CommandException.usage("bad token: expected 1 to 1024 printable characters without spaces");
        }
        return new AdminClient(AdminClient.parseUrl(url == null ? DEFAULT_URL : url), secret);
    }

    private static @Nullable String given(@Nullable String option, String variable) {
        String value = option != null ? option : System.getenv(variable);
        return value == null || value.isBlank() ? null : value;
    }
}
