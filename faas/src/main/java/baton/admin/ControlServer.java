package baton.admin;

import baton.function.ErrorCode;
import baton.log.Log;
import baton.log.LogEvent;
import baton.metrics.CounterSet;
import baton.posix.BlockingSocket;
import baton.posix.Descriptor;
import baton.posix.TcpListener;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The HTTP server of the control plane, with blocking reads and writes. It has two doors: its own port, and
/// [#adopt] for connections of the public port whose next request is the control plane's.
///
/// One thread accepts. Each connection has a thread of its own for as long as it is here, up to a limit; those
/// over it get a short 503 from one further thread, so that neither the acceptor nor the gateway ever waits.
public final class ControlServer implements AutoCloseable {
    private static final int STACK_BYTES = 512 << 10;
    private static final int REFUSALS_QUEUED = 64;
    private static final long THREAD_IDLE_SECONDS = 30;
    private static final long STOP_SECONDS = 10;

    private final TcpListener listener;
    private final AccessPolicy ownDoor;
    private final AccessPolicy publicDoor;
    private final ReturnDoor returnDoor;
    private final ControlConnection.Shared shared;
    private final Log log;
    private final ThreadPoolExecutor threads;
    private final ThreadPoolExecutor refusals;
    private final AtomicInteger adopted = new AtomicInteger();
    private final Set<Descriptor> open = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private volatile boolean closing;
}
