package baton.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Drives a share of the connections with one selector. All of it belongs to the thread that runs it, but the
/// counters of its tally.
final class LoadLoop implements Runnable {
    /// How long one request may take.
    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

    private static final int BUFFER_BYTES = 64 << 10;
    private static final long SELECT_MILLIS = 250;

    private final LoadTally tally = new LoadTally();
    private final List<LoadConnection> connections = new ArrayList<>();

    LoadLoop(LoadPlan plan, LoadBudget budget, int share) {
        for (int index = 0; index < share; index++) {
            connections.add(new LoadConnection(plan, budget, tally));
        }
    }

    LoadTally tally() {
        return tally;
    }

    @Override
    public void run() {
        try (Selector selector = Selector.open()) {
            connections.forEach(connection -> connection.next(selector));
            drive(selector);
        } catch (IOException e) {
            tally.failed("selector: " + e.getMessage());
        } finally {
            connections.forEach(LoadConnection::close);
        }
    }

    private void drive(Selector selector) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long checkedNanos = System.nanoTime();
        while (connections.stream().anyMatch(LoadConnection::isUnderWay)) {
            selector.select(key -> dispatch(key, selector, buffer), SELECT_MILLIS);
            long now = System.nanoTime();
            if (now - checkedNanos > Duration.ofSeconds(1).toNanos()) {
                checkedNanos = now;
                connections.forEach(connection -> connection.expire(now, REQUEST_TIMEOUT.toNanos(), selector));
            }
        }
    }

    private static void dispatch(SelectionKey key, Selector selector, ByteBuffer buffer) {
        if (key.isValid() && key.attachment() instanceof LoadConnection connection) {
            connection.ready(key, selector, buffer);
        }
    }
}
