package baton.http;

/// Decodes a body in the chunked transfer coding (RFC 9112 §7.1) piece by piece, strictly: bare line feeds,
/// oversized extensions and trailers are errors. Trailer fields are read and dropped.
///
/// ```
///          ┌──── CHUNK_LF ◄── CHUNK_CR ◄── DATA
///          ▼                                ▲
///  ──► SIZE_FIRST ──► SIZE ──► EXTENSION… ──► SIZE_LF
///                                           │ last chunk
///        DONE ◄── END_LF ◄── TRAILER_FIRST ◄┘
///                             │  ▲
///                             ▼  └── TRAILER_LF ◄── TRAILER_VALUE ◄── TRAILER_NAME
/// ```
public final class ChunkedDecoder {
    /// The most hexadecimal digits of a chunk's size.
    public static final int MAX_SIZE_DIGITS = 16;

    /// The most bytes of one chunk's extensions.
    public static final int MAX_EXTENSION_BYTES = 256;

    /// The most bytes of extensions in a whole body, so that tiny chunks cannot carry a flood of them.
    public static final int MAX_ALL_EXTENSION_BYTES = 16 << 10;

    /// The most bytes of trailer fields, their line ends included.
    public static final int MAX_TRAILER_BYTES = 8 << 10;

    private static final long MAX_CHUNK_BYTES = 1L << 62;

    /// Where decoded bytes go.
    @FunctionalInterface
    public interface Sink {
        void accept(byte[] source, int from, int to);
    }

    private enum State {
        SIZE_FIRST,
        SIZE,
        EXTENSION_FIRST,
        EXTENSION_NAME,
        EXTENSION_VALUE_FIRST,
        EXTENSION_VALUE,
        EXTENSION_QUOTED,
        EXTENSION_ESCAPE,
        EXTENSION_END,
        SIZE_LF,
        DATA,
        CHUNK_CR,
        CHUNK_LF,
        TRAILER_FIRST,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        END_LF,
        DONE,
        FAILED
    }

    private State state = State.SIZE_FIRST;
    /// Size of the chunk while it is read, then what is left of the chunk.
    private long remaining;
    private int sizeDigits;
    private int extensionBytes;
    private int allExtensionBytes;
    private int trailerBytes;
    private String errorDetail = "";

    /// Begins a new body.
    public void reset() {
        state = State.SIZE_FIRST;
        remaining = 0;
        sizeDigits = 0;
        extensionBytes = 0;
        allExtensionBytes = 0;
        trailerBytes = 0;
        errorDetail = "";
    }

    /// Decodes what is there.
    ///
    /// @return how many bytes of `[from, to)` were consumed; when [#done] is true afterwards, the rest
    ///     belongs to the next request; -1 when the coding is malformed ([#errorDetail] says why)
    public int decode(byte[] buffer, int from, int to, Sink sink) {
        int at = from;
        while (at < to && state != State.DONE && state != State.FAILED) {
            if (state == State.DATA) {
                int end = (int) Math.min(to, at + remaining);
                sink.accept(buffer, at, end);
                remaining -= end - at;
                at = end;
                state = remaining == 0 ? State.CHUNK_CR : State.DATA;
            } else {
                state = next(buffer[at]);
                at++;
            }
        }
        return state == State.FAILED ? -1 : at - from;
    }

    public boolean done() {
        return state == State.DONE;
    }

    public String errorDetail() {
        return errorDetail;
    }

    private State next(byte octet) {
        return switch (state) {
            case SIZE_FIRST, SIZE -> size(octet);
            case EXTENSION_FIRST,
                    EXTENSION_NAME,
                    EXTENSION_VALUE_FIRST,
                    EXTENSION_VALUE,
                    EXTENSION_QUOTED,
                    EXTENSION_ESCAPE,
                    EXTENSION_END -> extension(octet);
            case SIZE_LF -> lineFeed(octet, remaining == 0 ? State.TRAILER_FIRST : State.DATA);
            case CHUNK_CR ->
                octet == Octets.CR ? State.CHUNK_LF : fail("a chunk is longer than its size: CR LF must follow it");
            case CHUNK_LF -> lineFeed(octet, State.SIZE_FIRST);
            case TRAILER_FIRST, TRAILER_NAME, TRAILER_VALUE -> trailer(octet);
            case TRAILER_LF -> {
                trailerBytes++;
                yield lineFeed(octet, State.TRAILER_FIRST);
            }
            case END_LF -> lineFeed(octet, State.DONE);
            case DATA, DONE, FAILED -> state;
        };
    }

    private State size(byte octet) {
        if (state == State.SIZE_FIRST) {
            remaining = 0;
            sizeDigits = 0;
            extensionBytes = 0;
        }
        int digit = Octets.hex(octet);
        if (digit >= 0) {
            sizeDigits++;
            if (sizeDigits > MAX_SIZE_DIGITS || remaining > MAX_CHUNK_BYTES >> 4) {
                return fail("a chunk size is too large");
            }
            remaining = remaining << 4 | digit;
            return State.SIZE;
        }
        if (state == State.SIZE && (octet == ';' || octet == Octets.CR)) {
            return extensionEnd(octet);
        }
        return fail("a chunk size must be hexadecimal digits, then an extension or CR LF");
    }

    /// Reads `;NAME`, `;NAME=TOKEN` or `;NAME="TEXT"`, without white space around its parts.
    private State extension(byte octet) {
        extensionBytes++;
        allExtensionBytes++;
        if (extensionBytes > MAX_EXTENSION_BYTES || allExtensionBytes > MAX_ALL_EXTENSION_BYTES) {
            return fail("the chunk extensions are too long");
        }
        boolean token = Octets.is(octet, Octets.TOKEN);
        return switch (state) {
            case EXTENSION_FIRST -> token ? State.EXTENSION_NAME : failExtension();
            case EXTENSION_NAME -> {
                if (octet == '=') {
                    yield State.EXTENSION_VALUE_FIRST;
                }
                yield token ? State.EXTENSION_NAME : extensionEnd(octet);
            }
            case EXTENSION_VALUE_FIRST -> {
                if (octet == '"') {
                    yield State.EXTENSION_QUOTED;
                }
                yield token ? State.EXTENSION_VALUE : failExtension();
            }
            case EXTENSION_VALUE -> token ? State.EXTENSION_VALUE : extensionEnd(octet);
            case EXTENSION_QUOTED -> {
                if (octet == '"') {
                    yield State.EXTENSION_END;
                }
                yield octet == '\\' ? State.EXTENSION_ESCAPE : quoted(octet);
            }
            case EXTENSION_ESCAPE -> quoted(octet);
            default -> extensionEnd(octet);
        };
    }

    private State quoted(byte octet) {
        return Octets.is(octet, Octets.VALUE) ? State.EXTENSION_QUOTED : failExtension();
    }

    private State extensionEnd(byte octet) {
        if (octet == ';') {
            return State.EXTENSION_FIRST;
        }
        return octet == Octets.CR ? State.SIZE_LF : failExtension();
    }

    private State failExtension() {
        return fail("a chunk extension must be ;NAME or ;NAME=VALUE, and its line end with CR LF");
    }

    private State trailer(byte octet) {
        trailerBytes++;
        if (trailerBytes > MAX_TRAILER_BYTES) {
            return fail("the trailer section is longer than " + MAX_TRAILER_BYTES + " bytes");
        }
        if (state == State.TRAILER_VALUE) {
            if (octet == Octets.CR) {
                return State.TRAILER_LF;
            }
            return Octets.is(octet, Octets.VALUE)
                    ? State.TRAILER_VALUE
                    : fail("a trailer field holds a control character, or its line ends with LF alone");
        }
        if (state == State.TRAILER_FIRST && octet == Octets.CR) {
            return State.END_LF;
        }
        if (state == State.TRAILER_NAME && octet == ':') {
            return State.TRAILER_VALUE;
        }
        return Octets.is(octet, Octets.TOKEN)
                ? State.TRAILER_NAME
                : fail("a trailer field must be NAME: VALUE in one line");
    }

    private State lineFeed(byte octet, State then) {
        return octet == Octets.LF ? then : fail("a CR in the chunked coding is not followed by LF");
    }

    private State fail(String detail) {
        errorDetail = detail;
        return State.FAILED;
    }
}
