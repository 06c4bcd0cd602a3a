package baton.http;

import baton.function.ErrorCode;

/// Everything that can be wrong with a request head, with the sentence that the client reads.
enum Fault {
    TLS("this port speaks plain HTTP, but the connection began with a TLS handshake: use https:// with the HTTPS port"),
    EMPTY_LINES("more than " + RequestLine.MAX_EMPTY_LINES + " empty lines before the request line"),
    BARE_LF("a line ends with LF alone: every line of the head must end with CR LF"),
    BARE_CR("a CR is not followed by LF"),
    METHOD("the request does not begin with a method: a method is a token such as GET"),
    METHOD_END("the method must be followed by one space and the request target"),
    TARGET("the request target must be an absolute path, an http:// or https:// URL, or * for OPTIONS"),
    TARGET_OCTET("the request target holds a character that must be percent-encoded"),
    TARGET_NUL("the path holds %00: a NUL cannot be passed to a function"),
    TARGET_AUTHORITY("the URL in the request line has no valid host"),
    CONNECT_TARGET("the target of CONNECT must be HOST:PORT"),
    VERSION("the request line must end with one space and HTTP/1.1 or HTTP/1.0"),
    OTHER_VERSION(ErrorCode.HTTP_VERSION, "this server speaks HTTP/1.1 and HTTP/1.0"),
    LINE_TOO_LONG(ErrorCode.HEAD_TOO_LARGE, "the request line is longer than " + RequestLine.MAX_BYTES + " bytes"),
    HEAD_TOO_LONG(ErrorCode.HEAD_TOO_LARGE, "the request head is longer than " + RequestHead.MAX_BYTES + " bytes"),
    TOO_MANY_FIELDS(ErrorCode.HEAD_TOO_LARGE, "the request has more than " + RequestHead.MAX_FIELDS + " header fields"),
    FOLDED("a line of the head begins with white space: folded header fields are not accepted"),
    NAME("a header field's name is empty or holds a character that is not allowed in a token"),
    SPACE_BEFORE_COLON("white space between a header field's name and its colon"),
    VALUE("a header field's value holds a control character"),
    NO_HOST("an HTTP/1.1 request must have a Host header field"),
    SECOND_HOST("the request has more than one Host header field"),
    HOST("the Host header field is not HOST or HOST:PORT"),
    LENGTH("Content-Length must be one decimal number of at most 2^62"),
    SECOND_LENGTH("the request has more than one Content-Length header field"),
    LENGTH_AND_CODING("the request has both Content-Length and Transfer-Encoding"),
    CODING("Transfer-Encoding must be chunked"),
    OTHER_CODING(
            ErrorCode.NOT_IMPLEMENTED, "a transfer coding beside chunked is not supported: send the body as it is"),
    SECOND_CODING("the request has more than one Transfer-Encoding header field"),
    CODING_IN_HTTP10("an HTTP/1.0 request cannot have Transfer-Encoding"),
    EXPECTATION(ErrorCode.EXPECTATION_FAILED, "the only expectation that can be met is 100-continue");

    private final ErrorCode code;
    private final String detail;

    Fault(String detail) {
        this(ErrorCode.BAD_REQUEST, detail);
    }

    Fault(ErrorCode code, String detail) {
        this.code = code;
        this.detail = detail;
    }

    ErrorCode code() {
        return code;
    }

    /// A sentence without a full stop, for the error answer.
    String detail() {
        return detail;
    }
}
