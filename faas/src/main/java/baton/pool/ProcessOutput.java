package baton.pool;

import baton.log.Log;
import baton.log.LogEvent;
import baton.posix.BlockingSocket;
import baton.posix.Descriptor;
import baton.posix.Socket;
import baton.posix.SocketPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What child processes write to stdout and stderr, such as a virtual machine's last words, as lines of the
/// log. One socket serves all children of a kind; a thread reads it.
public final class ProcessOutput implements AutoCloseable {
    private static final int FOREVER = -1;
    private static final int LINE_BYTES = 4 << 10;

    private final SocketPair pair;
    private final String kind;
    private final Log log;
    private final Thread thread;

    private ProcessOutput(SocketPair pair, String kind, Log log) {
        this.pair = pair;
        this.kind = kind;
        this.log = log;
        this.thread = Thread.ofPlatform().daemon().name("output-" + kind).unstarted(this::run);
    }

    /// @param kind of the children, for the log
    public static ProcessOutput open(String kind, Log log) throws IOException {
        ProcessOutput output = new ProcessOutput(SocketPair.open(Socket.SOCK_STREAM), kind, log);
        output.thread.start();
        return output;
    }

    /// What the children write to.
    public Descriptor writer() {
        return pair.far();
    }

    private void run() {
        byte[] buffer = new byte[LINE_BYTES];
        int length = 0;
        try (BlockingSocket socket = new BlockingSocket(pair.near())) {
            int count;
            while ((count = socket.read(buffer, length, buffer.length - length, FOREVER)) > 0) {
                length += count;
                length = lines(buffer, length);
            }
        } catch (IOException e) {
            log.warn(LogEvent.WORKER_OUTPUT, "kind", kind, "error", String.valueOf(e.getMessage()));
        }
    }

    /// Logs whole lines, and a line that fills the buffer.
    ///
    /// @return how many bytes are left
    private int lines(byte[] buffer, int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') {
                line(buffer, from, i);
                from = i + 1;
            }
        }
        if (from == 0 && length == buffer.length) {
            line(buffer, 0, length);
            return 0;
        }
        System.arraycopy(buffer, from, buffer, 0, length - from);
        return length - from;
    }

    private void line(byte[] buffer, int from, int to) {
        if (to > from) {
            String text = new String(buffer, from, to - from, StandardCharsets.UTF_8);
            log.warn(LogEvent.WORKER_OUTPUT, "kind", kind, "line", text);
        }
    }

    @Override
    public void close() {
        pair.far().close();
    }
}
