package baton.gateway;

import baton.function.ErrorCode;
import baton.http.ErrorResponse;
import baton.http.RequestHead;
import baton.http.ResponseHead;
import baton.http.Router;
import baton.log.Log;
import baton.log.LogEvent;
import baton.pool.WorkerLink.Handoff;
import baton.posix.Descriptor;
import baton.posix.Epoll;
import baton.posix.Errno;
import baton.posix.NativeBuffer;
import baton.posix.Socket;
import baton.posix.SocketAddress;
import baton.posix.Syscalls;
import baton.posix.TcpListener;
import baton.wire.ConnectionFrame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;

/// Where clients come in: accepts them, looks at their first bytes without taking them, and passes them on.
/// Owned by the gateway's loop.
///
/// Nothing is read: a look is a `recv(MSG_PEEK)`, so a worker that gets the socket finds every byte in it.
final class FrontDoor {
    private final GatewayLoop loop;
    private final TcpListener listener;
    private final Workers workers;
    private final ControlDoor control;
    private final Log log;
    private final Syscalls syscalls;
    private final NativeBuffer peeked = new NativeBuffer(GatewayLimits.LOOK_BYTES, GatewayLimits.LOOK_BYTES);
    private final byte[] bytes = new byte[GatewayLimits.LOOK_BYTES];
    private final RequestHead head = new RequestHead();
    private final Router.Match match = new Router.Match();
    private final ResponseHead answer = new ResponseHead();
    private final ArrayDeque<Client> pending = new ArrayDeque<>();
    private final ArrayDeque<Client> waiting = new ArrayDeque<>();
    private final ArrayDeque<Client> refused = new ArrayDeque<>();
    private final FrontCounters counters = new FrontCounters();
    private volatile Router router;
    private long acceptAgainNanos;
    private boolean accepting;

    FrontDoor(GatewayLoop loop, TcpListener listener, Router router, Workers workers, ControlDoor control, Log log) {
        this.loop = loop;
        this.listener = listener;
        this.router = router;
        this.workers = workers;
        this.control = control;
        this.log = log;
        this.syscalls = loop.syscalls();
    }

    FrontCounters counters() {
        return counters;
    }

    Router router() {
        return router;
    }

    void router(Router next) {
        router = next;
    }

    void open() {
        accepting = true;
        loop.watch(listener.number(), Epoll.IN, events -> acceptAll());
    }

    /// Accepts no more; who is inside is served.
    void shut() {
        accepting = false;
        loop.forget(listener.number());
    }

    private void acceptAll() {
        for (int i = 0; i < GatewayLimits.ACCEPT_BATCH; i++) {
            int fd = syscalls.accept(listener.number());
            if (fd < 0) {
                if (fd == -Errno.EMFILE || fd == -Errno.ENFILE) {
                    pauseAccepting(-fd);
                }
                return;
            }
            counters.accepted++;
            MemorySegment peer = syscalls.peer();
            look(fd, ConnectionFrame.untouched(loop.nowNanos(), SocketAddress.ipv4(peer), SocketAddress.port(peer)));
        }
    }

    private void pauseAccepting(int errno) {
        log.warn(LogEvent.CONNECTION_REFUSED, "error", Errno.describe(errno), "cure", "raise ulimit -n");
        loop.forget(listener.number());
        acceptAgainNanos = loop.nowNanos() + GatewayLimits.ACCEPT_PAUSE_NANOS;
    }

    /// First look at a new connection; in most cases the whole head is there.
    private void look(int fd, ConnectionFrame state) {
        int count = peek(fd);
        if (count == 0 || count < 0 && count != -Errno.EAGAIN) {
            syscalls.close(fd);
            return;
        }
        int length = count < 0 ? 0 : head.parse(bytes, 0, count);
        if (length > 0) {
            pass(fd, state);
            return;
        }
        Client client = new Client(fd, state, loop.nowNanos() + GatewayLimits.HEAD_NANOS);
        client.seen = Math.max(0, count);
        loop.watch(fd, Epoll.IN | Epoll.READ_HANGUP | Epoll.EDGE, events -> onClient(client, events));
        if (length < 0) {
            refuse(client, head.error(), head.errorDetail());
            return;
        }
        if (pending.size() >= GatewayLimits.PENDING_CLIENTS) {
            close(pending.removeFirst());
        }
        pending.addLast(client);
    }

    private int peek(int fd) {
        int count = syscalls.receive(fd, peeked.segment().address(), GatewayLimits.LOOK_BYTES, Socket.MSG_PEEK);
        if (count > 0) {
            MemorySegment.copy(peeked.segment(), ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
        }
        return count;
    }

    private void onClient(Client client, int events) {
        switch (client.stage) {
            case HEAD -> lookAgain(client, events);
            case WAITING -> {}
            case REFUSED -> drop(client);
        }
    }

    private void lookAgain(Client client, int events) {
        int count = peek(client.fd);
        boolean ended = (events & (Epoll.READ_HANGUP | Epoll.HANGUP | Epoll.ERROR)) != 0;
        if (count == -Errno.EAGAIN && !ended) {
            return;
        }
        if (count <= 0) {
            close(client);
            return;
        }
        // A head ends with a line: without a new line end it cannot have become complete.
        boolean first = client.seen == 0;
        boolean worthParsing = first || ended || count >= RequestHead.MAX_BYTES || hasLineEnd(client.seen, count);
        client.seen = count;
        int length = worthParsing ? head.parse(bytes, 0, count) : 0;
        if (length > 0) {
            client.gone = true;
            loop.forget(client.fd);
            pass(client.fd, client.state);
        } else if (length < 0) {
            refuse(client, head.error(), head.errorDetail());
        } else if (ended) {
            close(client);
        }
    }

    private boolean hasLineEnd(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    /// Passes a connection whose head was just parsed to whom it is for.
    private void pass(int fd, ConnectionFrame state) {
        router.route(head, bytes, match);
        if (match.kind == Router.Kind.CONTROL) {
            control.adopt(new Descriptor(fd), state.unread());
            return;
        }
        passToWorker(fd, state);
    }

    /// Hands a connection to a worker, now or as soon as one is there.
    void passToWorker(int fd, ConnectionFrame state) {
        if (workers.handOff(new Handoff(fd, state))) {
            counters.handedOff++;
            return;
        }
        Client client = new Client(fd, state, loop.nowNanos() + GatewayLimits.WORKER_NANOS);
        client.stage = Client.Stage.WAITING;
        loop.watch(fd, Epoll.READ_HANGUP | Epoll.EDGE, events -> onClient(client, events));
        if (waiting.size() >= GatewayLimits.WAITING_CLIENTS) {
            refuse(client, ErrorCode.NO_WORKER, "no worker is ready and too many connections wait for one");
            return;
        }
        waiting.addLast(client);
    }

    /// A worker became available.
    void workerAvailable() {
        for (int left = waiting.size(); left > 0; left--) {
            Client client = waiting.removeFirst();
            if (!client.gone && client.stage == Client.Stage.WAITING) {
                client.gone = true;
                loop.forget(client.fd);
                passToWorker(client.fd, client.state);
            }
        }
    }

    private void refuse(Client client, ErrorCode code, String sentence) {
        counters.refused.merge(code, 1L, Long::sum);
        answer.clear();
        ErrorResponse.write(answer, code, sentence, true, false, true);
        NativeBuffer out = peeked;
        out.length(0);
        out.append(answer.bytes(), 0, Math.min(answer.length(), GatewayLimits.LOOK_BYTES));
        syscalls.send(client.fd, out.segment().address(), out.length(), 0);
        syscalls.shutdown(client.fd, Socket.SHUT_WR);
        client.stage = Client.Stage.REFUSED;
        client.deadlineNanos = loop.nowNanos() + GatewayLimits.LINGER_NANOS;
        refused.addLast(client);
        loop.changeInterest(client.fd, Epoll.IN | Epoll.READ_HANGUP | Epoll.EDGE);
        drop(client);
    }

    /// Reads and drops what a refused client still sends: closing with unread bytes would reset the
    /// connection, and the answer could be lost.
    private void drop(Client client) {
        for (; ; ) {
            int count = syscalls.receive(client.fd, peeked.segment().address(), GatewayLimits.LOOK_BYTES, 0);
            if (count == -Errno.EAGAIN) {
                return;
            }
            client.dropped += Math.max(0, count);
            if (count <= 0 || client.dropped > GatewayLimits.LINGER_BYTES) {
                close(client);
                return;
            }
        }
    }

    private void close(Client client) {
        if (!client.gone) {
            client.gone = true;
            loop.forget(client.fd);
            syscalls.close(client.fd);
        }
    }

    /// Times out who waits too long; each queue is in the order of its deadlines.
    void tick() {
        long now = loop.nowNanos();
        for (Client c = pending.peekFirst(); c != null && overdue(c, Client.Stage.HEAD, now); c = pending.peekFirst()) {
            pending.removeFirst();
            if (c.gone || c.stage != Client.Stage.HEAD) {
                continue;
            }
            if (c.seen == 0) {
                close(c);
            } else {
                refuse(c, ErrorCode.REQUEST_TIMEOUT, "the request head did not come within 10 s");
            }
        }
        for (Client c = waiting.peekFirst();
                c != null && overdue(c, Client.Stage.WAITING, now);
                c = waiting.peekFirst()) {
            waiting.removeFirst();
            if (!c.gone && c.stage == Client.Stage.WAITING) {
                refuse(c, ErrorCode.NO_WORKER, "no worker became ready within 5 s");
            }
        }
        for (Client c = refused.peekFirst();
                c != null && overdue(c, Client.Stage.REFUSED, now);
                c = refused.peekFirst()) {
            close(refused.removeFirst());
        }
        if (accepting && acceptAgainNanos != 0 && now >= acceptAgainNanos) {
            acceptAgainNanos = 0;
            open();
        }
    }

    private static boolean overdue(Client client, Client.Stage stage, long now) {
        return client.gone || client.stage != stage || now >= client.deadlineNanos;
    }

    /// Whether nobody is left inside.
    boolean empty() {
        return pending.stream().allMatch(c -> c.gone) && waiting.stream().allMatch(c -> c.gone);
    }

    /// Closes everybody.
    void close() {
        pending.forEach(this::close);
        waiting.forEach(this::close);
        refused.forEach(this::close);
        listener.close();
    }
}
