package baton.http;

/// Takes the CGI variables of a request, one by one.
@FunctionalInterface
public interface CgiSink {
    /// Takes one variable. The array is written anew for the next one, so what is kept must be copied.
    /// Between name and value stands one `=`: `[nameFrom, valueTo)` is the variable as an environment has
    /// it, without the NUL.
    void put(byte[] buffer, int nameFrom, int nameTo, int valueFrom, int valueTo);
}
