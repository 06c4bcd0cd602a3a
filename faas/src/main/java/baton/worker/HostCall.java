package baton.worker;

import baton.worker.Requests.Body;

/// An invocation that a language host works on, or that waits for the host. Leader only.
///
/// @param head bytes of the request's head, to be parsed again when the answer comes
/// @param scriptEnd where PATH_INFO begins in `head`
/// @param requestId of the invocation
/// @param beganNanos when it came
/// @param deadlineNanos when it is cut
record HostCall(
        Connection connection,
        byte[] head,
        int scriptEnd,
        Body body,
        byte[] requestId,
        long beganNanos,
        long deadlineNanos) {}
