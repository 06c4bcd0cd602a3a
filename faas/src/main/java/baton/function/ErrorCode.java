package baton.function;

/// What can go wrong with a request, as `X-Baton-Error` names it, with its HTTP status and whose fault it is.
public enum ErrorCode {
    BAD_REQUEST(400, Source.CLIENT),
    UNAUTHORIZED(401, Source.CLIENT),
    FORBIDDEN(403, Source.CLIENT),
    NO_FUNCTION(404, Source.CLIENT),
    REQUEST_TIMEOUT(408, Source.CLIENT),
    BODY_TOO_LARGE(413, Source.CLIENT),
    EXPECTATION_FAILED(417, Source.CLIENT),
    WRONG_HOST(421, Source.CLIENT),
    BUSY(429, Source.PLATFORM),
    RATE_LIMITED(429, Source.CLIENT),
    HEAD_TOO_LARGE(431, Source.CLIENT),
    INTERNAL(500, Source.PLATFORM),
    NOT_IMPLEMENTED(501, Source.CLIENT),
    EXIT_STATUS(502, Source.FUNCTION),
    TRAP(502, Source.FUNCTION),
    MEMORY(502, Source.FUNCTION),
    OUTPUT_TOO_LARGE(502, Source.FUNCTION),
    BAD_RESPONSE(502, Source.FUNCTION),
    HOST_DIED(502, Source.FUNCTION),
    NO_WORKER(503, Source.PLATFORM),
    DRAINING(503, Source.PLATFORM),
    CIRCUIT_OPEN(503, Source.FUNCTION),
    TIMEOUT(504, Source.FUNCTION),
    HTTP_VERSION(505, Source.CLIENT);

    /// Whose fault a failure is: it decides the metric label and whether a retry can help.
    public enum Source {
        CLIENT,
        FUNCTION,
        PLATFORM
    }

    private final int status;
    private final Source source;

    ErrorCode(int status, Source source) {
        this.status = status;
        this.source = source;
    }

    public int status() {
        return status;
    }

    public Source source() {
        return source;
    }
}
