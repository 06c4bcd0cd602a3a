package baton.admin;

import baton.function.FunctionVersion;
import baton.function.RouteTable;
import java.util.List;

/// What the control plane asks of the data plane. The gateway's side of the workers implements it.
public interface DataPlane {
    /// Makes a snapshot the one in force in the gateway and in every worker, and returns when all of them
    /// have said so: the next request anywhere meets it. Modules of new versions are loaded by then.
    void publish(RouteTable table);

    /// Runs one invocation in a worker and waits for its answer.
    InvokeResult invoke(FunctionVersion version, byte[] payload, String invocation);

    /// The workers as they are now.
    List<WorkerStatus> workers();

    /// Asks one worker to move its connections away; it is replaced.
    ///
    /// @return false when there is no such worker
    boolean drain(String workerId);

    /// How an invocation from the control plane ended.
    ///
    /// @param status HTTP status that the data plane gave
    /// @param errorCode value of `X-Baton-Error`, or an empty string when the function answered
    /// @param error the error's sentence, or an empty string
    /// @param body the function's answer, without its head
    /// @param exit exit code of a function that failed, 0 otherwise
    /// @param stderr what a function that failed wrote to stderr, cut to 16 KiB
    record InvokeResult(int status, String errorCode, String error, byte[] body, int exit, String stderr) {}

    /// One worker as `GET /workers` shows it.
    ///
    /// @param id `POOL/INDEX`
    /// @param state `starting`, `ready`, `draining` or `dead`
    /// @param invocations since its process started
    record WorkerStatus(
            String id,
            long pid,
            String state,
            int connections,
            int inflight,
            long invocations,
            long residentBytes,
            long startedEpochMillis) {}
}
