package baton.admin;

import baton.function.FunctionVersion;
import baton.function.RouteTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A data plane of one worker whose functions answer with their payload. The payload `exit` makes one fail,
/// the payload `loop` makes it run into its timeout.
final class EchoPlane implements DataPlane {
    private final List<RouteTable> published = new CopyOnWriteArrayList<>();
    private final List<String> drained = new CopyOnWriteArrayList<>();

    List<RouteTable> published() {
        return published;
    }

    List<String> drained() {
        return drained;
    }

    @Override
    public void publish(RouteTable table) {
        published.add(table);
    }

    @Override
    public InvokeResult invoke(FunctionVersion version, byte[] payload, String invocation) {
        return switch (new String(payload, StandardCharsets.UTF_8)) {
            case "exit" -> new InvokeResult(502, "EXIT_STATUS", "hello exited with 3", new byte[0], 3, "oh no\n");
            case "loop" -> new InvokeResult(504, "TIMEOUT", "hello ran into its timeout", new byte[0], 0, "");
            case "teapot" -> new InvokeResult(418, "", "", "short and stout".getBytes(StandardCharsets.UTF_8), 0, "");
            default -> new InvokeResult(200, "", "", payload, 0, "");
        };
    }

    @Override
    public List<WorkerStatus> workers() {
        return List.of(new WorkerStatus("shared/0", 4711, "ready", 1, 2, 3, 4096, 1_760_055_556_000L));
    }

    @Override
    public boolean drain(String workerId) {
        return workerId.equals("shared/0") && drained.add(workerId);
    }
}
