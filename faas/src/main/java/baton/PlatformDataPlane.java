package baton;

import baton.admin.DataPlane;
import baton.function.FunctionVersion;
import baton.function.RouteTable;
import baton.gateway.Gateway;
import baton.pool.Seat;
import baton.pool.WorkerLink;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The data plane as the control plane sees it. Before the gateway runs, a published table is only
/// remembered.
final class PlatformDataPlane implements DataPlane {
    private static final int DRAIN_MILLIS = 30_000;

    private volatile @Nullable Gateway connected;

    void connect(Gateway started) {
        connected = started;
    }

    private Gateway gateway() {
        Gateway gateway = connected;
        if (gateway == null) {
            throw new IllegalStateException("the gateway does not run yet");
        }
        return gateway;
    }

    @Override
    public void publish(RouteTable table) {
        gateway().publish(table);
    }

    @Override
    public InvokeResult invoke(FunctionVersion version, byte[] payload, String invocation) {
        try {
            Gateway.Invoked invoked = gateway().invoke(version, payload, invocation);
            String stderr = new String(Base64.getDecoder().decode(invoked.stderr()), StandardCharsets.UTF_8);
            String error = invoked.errorCode().isEmpty() ? "" : sentence(invoked.body());
            return new InvokeResult(
                    invoked.status(), invoked.errorCode(), error, invoked.body(), invoked.exit(), stderr);
        } catch (IOException e) {
            String error = "no worker answered: " + e.getMessage();
            return new InvokeResult(503, "NO_WORKER", error, new byte[0], 0, "");
        }
    }

    private static String sentence(byte[] body) {
        try {
            JsonObject json = JsonParser.parseString(new String(body, StandardCharsets.UTF_8))
                    .getAsJsonObject();
            return json.get("error").getAsString();
        } catch (JsonParseException | IllegalStateException e) {
            throw new IllegalStateException("a worker's error is no JSON object", e);
        }
    }

    @Override
    public List<WorkerStatus> workers() {
        return gateway().seats().stream().map(PlatformDataPlane::status).toList();
    }

    private static WorkerStatus status(Seat seat) {
        WorkerLink link = seat.link();
        return new WorkerStatus(
                seat.id(),
                link == null ? 0 : link.process().pid(),
                seat.state(),
                seat.report().connections(),
                seat.report().inflight(),
                seat.report().invocations(),
                seat.report().residentBytes(),
                seat.startedEpochMillis());
    }

    @Override
    public boolean drain(String workerId) {
        return gateway().drain(workerId, DRAIN_MILLIS);
    }
}
