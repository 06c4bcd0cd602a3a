package baton.admin;

import baton.function.ErrorCode;

/// A request that the control plane does not carry out, with the answer that says so.
final class Refusal extends Exception {
    /// Code of a deploy that needs a tool which the platform does not have.
    static final String TOOL_MISSING = "TOOL_MISSING";

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String detail;

    /// @param code for programs, such as `NAME_TAKEN`
    /// @param message one sentence for people that names the cause and the cure
    /// @param detail further text such as a compiler's output, or an empty string
    Refusal(int status, String code, String message, String detail) {
        super(message);
        this.status = status;
        this.code = code;
        this.detail = detail;
    }

    Refusal(int status, String code, String message) {
        this(status, code, message, "");
    }

    Refusal(ErrorCode code, String message) {
        this(code.status(), code.name(), message, "");
    }

    static Refusal badRequest(String message) {
        return new Refusal(ErrorCode.BAD_REQUEST, message);
    }

    static Refusal noFunction(String name) {
        return new Refusal(ErrorCode.NO_FUNCTION, "there is no function '" + name + "'");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String detail() {
        return detail;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
