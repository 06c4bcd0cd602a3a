package baton.worker;

import baton.function.ErrorCode;
import baton.function.FunctionVersion;
import baton.host.HostAnswer;
import baton.host.HostRequestWriter;
import baton.host.HostResponseReader;
import baton.http.CgiConnection;
import baton.http.FunctionFields;
import baton.http.RequestHead;
import baton.http.ResponseHead;
import baton.http.Router;
import baton.posix.Epoll;
import baton.posix.NativeBuffer;
import baton.worker.Requests.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The language hosts that this worker has streams to, and the invocations that wait for one. Leader only.
///
/// The gateway starts hosts and hands a connected stream to the worker that asks: a worker needs no right to
/// start processes or to open sockets.
final class Hosts {
    private static final int SCRATCH_BYTES = 256 << 10;

    private final Worker worker;
    private final NativeBuffer scratch = new NativeBuffer(SCRATCH_BYTES, SCRATCH_BYTES);
    private final HostRequestWriter writer = new HostRequestWriter();
    private final RequestHead head = new RequestHead();
    private final Router.Match match = new Router.Match();
    private final Map<FunctionEntry, ArrayDeque<HostCall>> queues = new HashMap<>();
    private final List<HostLink> links = new ArrayList<>();
    private final ArrayDeque<HostLink> unflushed = new ArrayDeque<>();
    private int underWay;

    /// A stream of a version that is not live any more waits for its last answer.
    private boolean retiring;

    Hosts(Worker worker) {
        this.worker = worker;
    }

    NativeBuffer scratch() {
        return scratch;
    }

    /// Whether deadlines must be watched.
    boolean waiting() {
        return underWay > 0;
    }

    void post(Slot leader, Posted item) {
        worker.loop().post(leader.syscalls(), item);
    }

    /// Sends a request to the function's host, or lets it wait for one.
    Step serve(Slot leader, Connection c, FunctionEntry entry, Invocations.Request request) {
        RequestHead parsed = request.head();
        byte[] kept = Arrays.copyOfRange(request.buffer(), parsed.start(), parsed.start() + parsed.length());
        long now = System.nanoTime();
        long deadline = now + entry.version().limits().timeout().toNanos();
        int scriptEnd = request.match().scriptEnd - parsed.start();
        byte[] id = leader.requests().responder().requestId().copy();
        HostLink link = entry.host();
        if (link != null) {
            HostCall call = new HostCall(c, kept, scriptEnd, request.body(), id, now, deadline);
            begin(c, entry);
            send(leader, link, call, now);
            return Step.BUSY;
        }
        ArrayDeque<HostCall> queue = queues.get(entry);
        if (queue != null && queue.size() >= WorkerLimits.HOST_QUEUE) {
            leader.requests()
                    .responder()
                    .error(c, parsed, ErrorCode.BUSY, "too many requests wait for the function's host to start");
            return Step.NEXT;
        }
        Requests.Body body = request.body();
        byte[] bytes = Arrays.copyOfRange(body.bytes(), body.from(), body.from() + body.length());
        HostCall call = new HostCall(c, kept, scriptEnd, new Requests.Body(bytes, 0, bytes.length), id, now, deadline);
        begin(c, entry);
        if (queue == null) {
            queue = new ArrayDeque<>();
            queues.put(entry, queue);
            worker.control().wantHost(leader, entry.version());
        }
        queue.addLast(call);
        return Step.BUSY;
    }

    private void begin(Connection c, FunctionEntry entry) {
        c.busy = true;
        underWay++;
        worker.began(entry);
    }

    private void send(Slot leader, HostLink link, HostCall call, long now) {
        head.parse(call.head(), 0, call.head().length);
        CgiConnection client = RequestEnvironment.describe(leader.syscalls(), call.connection());
        link.write(writer, head, call, client.remoteAddress(), now);
        unflushed.addLast(link);
    }

    /// Sends what was written since the last batch of events, in one go for each host.
    void flush(Slot leader) {
        for (HostLink link = unflushed.pollFirst(); link != null; link = unflushed.pollFirst()) {
            if (link.entry().host() == link) {
                link.flush(leader, worker.loop());
            }
        }
    }

    /// The gateway gives us a stream to a host.
    void connected(Slot leader, String versionId, int fd) {
        FunctionEntry entry = waitingFor(versionId);
        if (entry == null || entry.host() != null) {
            leader.syscalls().close(fd);
            failed(leader, versionId, "the version is not live any more");
            return;
        }
        HostLink link = new HostLink(this, entry, fd, worker.loop().nextGeneration());
        entry.host(link);
        links.add(link);
        worker.loop().register(leader.syscalls(), link, Epoll.IN);
        retiring |= entry.retired;
        ArrayDeque<HostCall> queue = queues.remove(entry);
        if (queue != null) {
            long now = System.nanoTime();
            for (HostCall call : queue) {
                call.connection().call.coldNanos = now - call.beganNanos();
                send(leader, link, call, now);
            }
        }
    }

    /// The entry whose requests wait for a host, live or not any more; else the live one.
    private @Nullable FunctionEntry waitingFor(String versionId) {
        for (FunctionEntry entry : queues.keySet()) {
            if (entry.version().id().toString().equals(versionId)) {
                return entry;
            }
        }
        return worker.functions().byId(versionId);
    }

    /// The gateway has no host for us.
    void failed(Slot leader, String versionId, String reason) {
        for (FunctionEntry entry : List.copyOf(queues.keySet())) {
            if (entry.version().id().toString().equals(versionId)) {
                ArrayDeque<HostCall> queue = queues.remove(entry);
                if (queue != null) {
                    queue.forEach(call -> fail(leader, call, ErrorCode.HOST_DIED, hostSentence(entry, reason)));
                }
            }
        }
    }

    /// A host is gone: what it had in flight failed, the next request gets another one.
    void died(Slot leader, HostLink link, String reason) {
        FunctionEntry entry = link.entry();
        drop(leader, link);
        List<HostCall> lost = new ArrayList<>(link.calls().values());
        link.calls().clear();
        lost.forEach(call -> fail(leader, call, ErrorCode.HOST_DIED, hostSentence(entry, reason)));
    }

    private static String hostSentence(FunctionEntry entry, String reason) {
        return "the language host of function " + entry.version().name() + " failed: " + reason;
    }

    private void drop(Slot leader, HostLink link) {
        if (link.entry().host() == link) {
            link.entry().host(null);
        }
        links.remove(link);
        unflushed.remove(link);
        worker.loop().deregister(leader.syscalls(), link);
        leader.syscalls().close(link.fd);
        link.close();
    }

    /// The version is not live any more: its stream goes when nothing is in flight on it.
    void retire(Slot leader, FunctionEntry entry) {
        HostLink link = entry.host();
        if (link == null) {
            return;
        }
        if (link.calls().isEmpty()) {
            drop(leader, link);
        } else {
            retiring = true;
        }
    }

    /// Cuts what has passed its deadline.
    void expire(Slot leader, long now) {
        if (underWay == 0 && !retiring) {
            return;
        }
        retiring = false;
        for (FunctionEntry entry : List.copyOf(queues.keySet())) {
            ArrayDeque<HostCall> queue = queues.get(entry);
            while (queue != null && !queue.isEmpty() && now > queue.getFirst().deadlineNanos()) {
                timeOut(leader, entry.version(), queue.removeFirst());
            }
        }
        for (HostLink link : List.copyOf(links)) {
            expire(leader, link, now);
            if (link.entry().retired) {
                retire(leader, link.entry());
            }
        }
    }

    private void expire(Slot leader, HostLink link, long now) {
        List<HostCall> late = new ArrayList<>();
        boolean stuck = false;
        for (Iterator<Map.Entry<Integer, HostCall>> i = link.calls().entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Integer, HostCall> next = i.next();
            HostCall call = next.getValue();
            // All calls of a version have the same timeout, so they expire in the order in which they came.
            if (now <= call.deadlineNanos()) {
                break;
            }
            i.remove();
            link.cancel(writer, next.getKey());
            late.add(call);
            stuck |= link.lastFrameNanos < call.beganNanos();
        }
        if (late.isEmpty()) {
            return;
        }
        unflushed.addLast(link);
        boolean ended = stuck || link.script();
        if (ended) {
            // It has said nothing all the time: a loop without end, or a script that holds up all after it.
            worker.control().hostStuck(leader, link.entry().version());
        }
        late.forEach(call -> timeOut(leader, link.entry().version(), call));
        if (ended) {
            // The next request must not meet the process that is about to be killed.
            died(leader, link, "it was ended because an earlier invocation did not answer");
        }
    }

    private void timeOut(Slot leader, FunctionVersion version, HostCall call) {
        fail(
                leader,
                call,
                ErrorCode.TIMEOUT,
                "function " + version.name() + " ran longer than its timeout of "
                        + version.limits().timeout().toMillis() + " ms; deploy it with a larger --timeout");
    }

    private void fail(Slot leader, HostCall call, ErrorCode code, String sentence) {
        Connection c = prepare(leader, call);
        FunctionEntry entry = c.call.entry;
        leader.requests().responder().error(c, head, code, sentence);
        if (entry != null) {
            String id = leader.requests().responder().requestId().toString();
            worker.telemetry().functionFailed(leader.syscalls(), entry, id, code, sentence);
        }
        // The connection goes on through the loop's queue: the caller is in the middle of its own work.
        post(leader, c);
    }

    private Connection prepare(Slot leader, HostCall call) {
        underWay--;
        Connection c = call.connection();
        c.call.execNanos = System.nanoTime() - call.beganNanos() - c.call.coldNanos;
        head.parse(call.head(), 0, call.head().length);
        match.scriptEnd = call.scriptEnd();
        leader.requests().responder().requestId().restore(call.requestId());
        return c;
    }

    /// Answers the client with what the host says.
    ///
    /// @return the connection, whose next request can be served now
    @Nullable
    Connection answer(Slot leader, HostLink link, HostCall call, HostResponseReader reader) {
        Connection c = prepare(leader, call);
        Responder responder = leader.requests().responder();
        FunctionEntry entry = link.entry();
        int stderr = reader.stderrEnd() - reader.stderrStart();
        byte[] bytes = reader.buffer();
        if (stderr > 0) {
            byte[] text = Arrays.copyOfRange(bytes, reader.stderrStart(), reader.stderrEnd());
            String id = responder.requestId().toString();
            worker.telemetry().stderr(leader.syscalls(), entry, id, text, stderr, reader.stderrDropped());
        }
        HostAnswer kind = reader.answer();
        if (kind == HostAnswer.OK) {
            Invocations.Request request = new Invocations.Request(head, call.head(), match, call.body());
            if (link.script()) {
                leader.requests().answers().output(c, request, bytes, reader.bodyStart(), reader.bodyEnd());
            } else {
                handled(c, responder, reader);
            }
            return c;
        }
        byte[] text = Arrays.copyOfRange(bytes, reader.stderrStart(), reader.stderrEnd());
        int saidBytes = Math.min(WorkerLimits.HOST_MESSAGE_BYTES, reader.bodyEnd() - reader.bodyStart());
        String said = new String(bytes, reader.bodyStart(), saidBytes, StandardCharsets.UTF_8);
        String name = "function " + entry.version().name() + " ";
        ErrorCode code =
                switch (kind) {
                    case EXIT -> ErrorCode.EXIT_STATUS;
                    case OUTPUT_TOO_LARGE -> ErrorCode.OUTPUT_TOO_LARGE;
                    case BAD_RESPONSE -> ErrorCode.BAD_RESPONSE;
                    case BUSY -> ErrorCode.BUSY;
                    case ERROR, HELLO, OK -> ErrorCode.TRAP;
                };
        String sentence =
                kind == HostAnswer.EXIT ? name + "exited with status " + reader.exitCode() : name + "failed: " + said;
        responder.error(c, head, code, sentence, reader.exitCode(), text, stderr);
        String id = responder.requestId().toString();
        worker.telemetry().functionFailed(leader.syscalls(), entry, id, code, sentence);
        return c;
    }

    private void handled(Connection c, Responder responder, HostResponseReader reader) {
        ResponseHead out = responder.begin(reader.status());
        byte[] bytes = reader.buffer();
        for (int i = 0; i < reader.fields(); i++) {
            int nameStart = reader.nameStart(i);
            int nameEnd = reader.nameEnd(i);
            if (FunctionFields.isPassed(bytes, nameStart, nameEnd)) {
                out.field(bytes, nameStart, nameEnd, reader.valueStart(i), reader.valueEnd(i));
            }
        }
        int length = reader.bodyEnd() - reader.bodyStart();
        boolean empty = reader.status() == 204 || reader.status() == 304;
        responder.end(c, head, empty ? -1 : length);
        responder.send(c, bytes, reader.bodyStart(), empty || head.methodIs("HEAD") ? 0 : length);
    }
}
