package baton.worker;

import baton.worker.Requests.Body;

/// An invocation that runs on a spare slot: its own copy of the request, since the input buffer stays with
/// the loop.
///
/// @param head bytes of the request's head
/// @param scriptEnd where PATH_INFO begins in `head`
/// @param requestId the id that the leader gave it
/// @param postedNanos when it began to wait for a slot
record Job(
        Connection connection,
        FunctionEntry entry,
        byte[] head,
        int scriptEnd,
        Body body,
        byte[] requestId,
        long postedNanos) {}
