package baton.cli.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// One client: sends the request, reads the answer, and begins again, on the same connection where that is
/// kept alive.
///
/// ```
/// FINISHED ◄─(budget spent)─ next ─► CONNECTING ─► WRITING ─► READING ─► next
///                              └────(kept alive)──────▲
/// ```
///
/// Owned by the thread of its loop.
final class LoadConnection {
    private static final int REFUSALS_TO_GIVE_UP = 100;

    private final LoadPlan plan;
    private final LoadBudget budget;
    private final LoadTally tally;
    private final ByteBuffer request;
    private final ResponseReader response = new ResponseReader();
    private @Nullable SocketChannel channel;
    private long startNanos;
    private int refusals;
    private boolean underWay;

    LoadConnection(LoadPlan plan, LoadBudget budget, LoadTally tally) {
        this.plan = plan;
        this.budget = budget;
        this.tally = tally;
        this.request = ByteBuffer.wrap(plan.request());
    }

    /// Whether a request is under way.
    boolean isUnderWay() {
        return underWay;
    }

    /// Begins the next request, or none when the budget is spent.
    void next(Selector selector) {
        underWay = false;
        while (!underWay && budget.take(System.nanoTime())) {
            underWay = true;
            startNanos = System.nanoTime();
            request.rewind();
            response.reset();
            try {
                begin(selector);
            } catch (IOException e) {
                failed(kind(e));
            }
        }
        if (!underWay) {
            close();
        }
    }

    /// Goes on with what the channel is ready for.
    void ready(SelectionKey key, Selector selector, ByteBuffer buffer) {
        try {
            if (key.isConnectable()) {
                connected(key);
            } else if (key.isWritable()) {
                write(key);
            } else if (key.isReadable()) {
                read(key, buffer);
            }
        } catch (IOException e) {
            failed(kind(e));
        }
        if (!underWay) {
            next(selector);
        }
    }

    /// Gives up a request that takes longer than the limit.
    void expire(long nowNanos, long limitNanos, Selector selector) {
        if (underWay && nowNanos - startNanos > limitNanos) {
            failed("timeout");
            next(selector);
        }
    }

    void close() {
        SocketChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                tally.failed("close: " + e.getMessage());
            }
        }
    }

    private void begin(Selector selector) throws IOException {
        SocketChannel open = channel;
        if (open == null) {
            open = SocketChannel.open();
            channel = open;
            open.configureBlocking(false);
            open.socket().setTcpNoDelay(true);
            open.register(selector, SelectionKey.OP_CONNECT, this);
            if (!open.connect(plan.address())) {
                return;
            }
        }
        SelectionKey key = open.keyFor(selector);
        if (key != null) {
            write(key);
        }
    }

    private void connected(SelectionKey key) throws IOException {
        if (open().finishConnect()) {
            refusals = 0;
            write(key);
        }
    }

    private void write(SelectionKey key) throws IOException {
        int before = request.position();
        open().write(request);
        tally.wrote(request.position() - before);
        int wanted = request.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    private void read(SelectionKey key, ByteBuffer buffer) throws IOException {
        buffer.clear();
        int count = open().read(buffer);
        if (count < 0) {
            if (response.endsAtClose()) {
                answered();
            } else {
                failed("closed before the answer was whole");
            }
            return;
        }
        tally.read(count);
        buffer.flip();
        if (response.feed(buffer)) {
            boolean surplus = buffer.hasRemaining();
            answered();
            if (surplus) {
                tally.failed("bytes after the answer");
                close();
            }
        } else if (key.interestOps() != SelectionKey.OP_READ) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void answered() {
        tally.answered(response.status(), response.errorCode(), System.nanoTime() - startNanos);
        underWay = false;
        if (response.isClosing() || !plan.keepAlive()) {
            close();
        }
    }

    private void failed(String kind) {
        tally.failed(kind);
        underWay = false;
        close();
        if (kind.equals("connection refused") && ++refusals == REFUSALS_TO_GIVE_UP) {
            budget.exhaust();
        }
    }

    private SocketChannel open() throws IOException {
        SocketChannel open = channel;
        if (open == null) {
            throw new IOException("connection is closed");
        }
        return open;
    }

    private static String kind(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof ConnectException) {
            return "connection refused";
        }
        if (message.contains("reset") || message.contains("Broken pipe")) {
            return "connection reset";
        }
        return message;
    }
}
