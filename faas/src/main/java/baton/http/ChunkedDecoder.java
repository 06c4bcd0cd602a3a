package baton.http;

/// Decodes a body in the chunked transfer coding (RFC 9112 §7.1) piece by piece, strictly: bare line feeds,
/// oversized extensions and trailers are errors. Trailer fields are read and dropped.
public final class ChunkedDecoder {
    /// Where decoded bytes go.
    @FunctionalInterface
    public interface Sink {
        void accept(byte[] source, int from, int to);
    }

    /// Begins a new body.
    public void reset() {}

    /// Decodes what is there.
    ///
    /// @return how many bytes of `[from, to)` were consumed; when [#done] is true afterwards, the rest
    ///     belongs to the next request; -1 when the coding is malformed ([#errorDetail] says why)
    public int decode(byte[] buffer, int from, int to, Sink sink) {
        return 0;
    }

    public boolean done() {
        return false;
    }

    public String errorDetail() {
        return "";
    }
}
