package baton.worker;

import baton.function.ErrorCode;
import baton.http.RequestHead;
import baton.http.Router;
import baton.posix.Epoll;
import baton.posix.Errno;
import baton.posix.NativeBuffer;
import baton.posix.Socket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads requests from connections and sees that each is answered, in order. One per slot; its methods run
/// on the slot's thread while it leads, except [#run].
final class Requests implements AutoCloseable {
    /// What became of a request, and whether the connection's next one can be served now.
    enum Step {
        /// Answered: go on with the next request.
        NEXT,
        /// An answer is under way: the connection comes back later.
        BUSY,
        /// The connection is closed or belongs to somebody else.
        GONE,
        /// The slot lost the loop.
        DEMOTED
    }

    private final Worker worker;
    private final Slot slot;
    private final byte[] input = new byte[WorkerLimits.INPUT_BYTES];
    private final NativeBuffer socketInput = new NativeBuffer(WorkerLimits.INPUT_BYTES, WorkerLimits.INPUT_BYTES);
    private final RequestHead head = new RequestHead();
    private final Router.Match match = new Router.Match();
    private final Responder responder;
    private final Invocations invocations;
    /// How far the bytes of the connection being read are served, and how many there are.
    private int served;

    private int have;
    private boolean drained;

    Requests(Worker worker, Slot slot) {
        this.worker = worker;
        this.slot = slot;
        this.responder = new Responder(worker, slot);
        this.invocations = new Invocations(worker, slot, responder);
    }

    Responder responder() {
        return responder;
    }

    Answers answers() {
        return invocations.answers();
    }

    boolean onEvents(Connection c, int events) {
        boolean hangup = (events & (Epoll.READ_HANGUP | Epoll.HANGUP | Epoll.ERROR)) != 0;
        boolean readable = (events & Epoll.IN) != 0 || hangup;
        c.hangup |= hangup;
        if (c.busy) {
            noteReadable(c, readable);
            return true;
        }
        if (c.output != null) {
            noteReadable(c, readable);
            return (events & Epoll.OUT) == 0 || resume(c);
        }
        return !readable || read(c);
    }

    /// Only ever sets the note: the slot that runs the connection's call may set it at the same moment.
    private static void noteReadable(Connection c, boolean readable) {
        if (readable) {
            c.again = true;
        }
    }

    /// A call on this connection ended on another slot, or a language host answered.
    boolean completed(Connection c) {
        c.busy = false;
        c.lastActivityNanos = worker.loop().nowNanos();
        releaseBody(c);
        invocations.account(c);
        return resume(c);
    }

    /// Goes on with a connection whose answer may still be under way.
    private boolean resume(Connection c) {
        if (!responder.flush(c)) {
            return true;
        }
        served = 0;
        have = 0;
        if (c.closeAfter) {
            finish(c, c.unread != null || c.again);
            return true;
        }
        Step step = c.call.redirect == null ? Step.NEXT : afterAnswer(c);
        if (step != Step.NEXT) {
            return step != Step.DEMOTED;
        }
        if (c.unread != null || c.again) {
            c.again = false;
            return read(c);
        }
        return true;
    }

    /// Reads what the socket has and serves what is complete.
    ///
    /// @return false when the slot lost the loop
    boolean read(Connection c) {
        if (c.lingering) {
            linger(c);
            return true;
        }
        served = 0;
        have = 0;
        drained = false;
        byte[] unread = c.unread;
        if (unread != null) {
            have = unread.length;
            System.arraycopy(unread, 0, input, 0, have);
            c.unread = null;
        }
        for (; ; ) {
            while (served < have) {
                int before = served;
                Step step = c.incoming != null ? body(c, c.incoming) : request(c);
                if (step == Step.DEMOTED) {
                    return false;
                }
                if (step == Step.GONE) {
                    return true;
                }
                if (step == Step.BUSY) {
                    keepUnread(c);
                    c.again |= !drained;
                    return true;
                }
                if (served == before) {
                    break;
                }
            }
            if (drained || !fill(c)) {
                keepUnread(c);
                return true;
            }
        }
    }

    private void keepUnread(Connection c) {
        if (!c.closed && served < have) {
            c.unread = Arrays.copyOfRange(input, served, have);
        }
    }

    /// Reads more bytes behind those that are left.
    ///
    /// @return false when there are none, or the connection was closed
    private boolean fill(Connection c) {
        if (served > 0) {
            System.arraycopy(input, served, input, 0, have - served);
            have -= served;
            served = 0;
        }
        int room = input.length - have;
        MemorySegment segment = socketInput.segment();
        int count = slot.syscalls().receive(c.fd, segment.address(), room, 0);
        if (count == -Errno.EAGAIN) {
            return false;
        }
        if (count <= 0) {
            // The client is gone, or sends no more: a request that is not complete by now never will be.
            close(c);
            return false;
        }
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, 0, input, have, count);
        have += count;
        c.lastActivityNanos = slot.loop().nowNanos();
        // With a hang-up pending read on to the end, for no further edge comes.
        drained = count < room && !c.hangup;
        return true;
    }

    /// Serves the request that begins at [#served], as far as it is there.
    private Step request(Connection c) {
        int length = head.parse(input, served, have);
        if (length == 0) {
            return Step.NEXT;
        }
        if (length < 0) {
            return refuse(c, head.error(), head.errorDetail());
        }
        FunctionTable table = worker.functions();
        table.router().route(head, input, match);
        if (match.kind == Router.Kind.CONTROL && !c.origin.internal()) {
            return giveBack(c);
        }
        FunctionEntry entry = c.origin.internal() ? worker.internalEntry(head) : table.entry(match.function);
        long limit = entry == null
                ? WorkerLimits.UNROUTED_BODY_BYTES
                : entry.version().limits().bodyBytes();
        if (!head.chunked() && head.contentLength() > limit) {
            return tooLarge(c, limit);
        }
        int bodyStart = served + length;
        if (!head.chunked() && head.contentLength() <= have - bodyStart) {
            int bodyLength = (int) head.contentLength();
            served = bodyStart + bodyLength;
            c.call.redirects = 0;
            return serve(c, entry, input, new Body(input, bodyStart, bodyLength));
        }
        if (head.expectContinue() && bodyStart == have) {
            responder.sendContinue(c);
        }
        byte[] kept = Arrays.copyOfRange(input, head.start(), bodyStart);
        c.incoming = new StoredRequest(kept, head.chunked(), head.contentLength(), limit);
        served = bodyStart;
        return served < have ? body(c, c.incoming) : Step.NEXT;
    }

    /// Takes bytes of a body that arrives in parts, and serves the request once it is whole.
    private Step body(Connection c, StoredRequest stored) {
        int taken = stored.accept(input, served, have);
        if (taken < 0) {
            return refuse(c, ErrorCode.BAD_REQUEST, stored.fault());
        }
        served += taken;
        if (stored.tooLarge()) {
            return tooLarge(c, stored.limitBytes);
        }
        long grown = stored.heldBytes() - c.bodyBytes;
        if (grown > 0 && !worker.bodies().take(grown)) {
            return refuse(c, ErrorCode.BUSY, "too many request bodies are arriving; try again in a second");
        }
        c.bodyBytes += Math.max(0, grown);
        if (!stored.complete()) {
            return Step.NEXT;
        }
        c.incoming = null;
        c.call.redirects = 0;
        return serveStored(c, stored.head, new Body(stored.body(), 0, stored.bodyLength()));
    }

    /// The body that arrived in parts is not needed any more.
    void releaseBody(Connection c) {
        if (c.bodyBytes > 0) {
            worker.bodies().giveBack(c.bodyBytes);
            c.bodyBytes = 0;
        }
    }

    /// Serves a request whose head was kept: routes may have changed since it came, so it is looked up again.
    private Step serveStored(Connection c, byte[] keptHead, Body body) {
        if (head.parse(keptHead, 0, keptHead.length) <= 0) {
            return refuse(c, ErrorCode.BAD_RESPONSE, "the local redirect's path is not a valid request target");
        }
        FunctionTable table = worker.functions();
        table.router().route(head, keptHead, match);
        FunctionEntry entry = c.origin.internal() ? worker.internalEntry(head) : table.entry(match.function);
        return serve(c, entry, keptHead, body);
    }

    /// @param buffer the array that the head was parsed from
    private Step serve(Connection c, @Nullable FunctionEntry entry, byte[] buffer, Body body) {
        c.requests++;
        if (entry == null) {
            responder.noFunction(c, head, buffer, match);
            return afterAnswer(c);
        }
        Step step = invocations.serve(c, entry, new Invocations.Request(head, buffer, match, body));
        if (step == Step.DEMOTED) {
            // The slot that leads now may be reading other connections, but this one is busy and still ours.
            keepUnread(c);
            c.again = true;
            slot.loop().post(slot.syscalls(), c);
            return step;
        }
        return step == Step.NEXT ? afterAnswer(c) : step;
    }

    private Step afterAnswer(Connection c) {
        releaseBody(c);
        byte[] redirect = c.call.redirect;
        if (redirect != null) {
            // RFC 3875 §6.2.2: the answer of a GET for that path takes the place of the function's own.
            c.call.redirect = null;
            return serveStored(c, redirect, Body.NONE);
        }
        if (c.output != null) {
            return Step.BUSY;
        }
        return c.closeAfter ? finish(c, served < have || c.unread != null || !drained) : Step.NEXT;
    }

    /// Runs a job on this slot, which does not lead: only the connection of the job is its own.
    void run(Job job) {
        invocations.run(job, head, match);
        worker.loop().post(slot.syscalls(), job.connection());
    }

    private Step refuse(Connection c, ErrorCode code, String detail) {
        responder.refuse(c, code, detail);
        return lingerAfter(c);
    }

    private Step tooLarge(Connection c, long limit) {
        return refuse(
                c,
                ErrorCode.BODY_TOO_LARGE,
                "the request body is larger than " + limit + " bytes; the function's owner can raise max-body");
    }

    /// The connection has stood still in the middle of a request.
    void timedOut(Connection c) {
        String part = c.incoming != null ? "body" : "head";
        refuse(c, ErrorCode.REQUEST_TIMEOUT, "the rest of the request " + part + " did not come within 30 s");
    }

    /// The last answer was written while the client may still be sending.
    private Step lingerAfter(Connection c) {
        c.incoming = null;
        if (c.output == null) {
            return finish(c, true);
        }
        c.lingering = true;
        c.unread = null;
        served = have;
        linger(c);
        return Step.GONE;
    }

    /// Everything is answered and sent: ends the connection.
    ///
    /// @param moreSent whether the client has sent what was not read: closing now would reset the
    ///     connection, and what the kernel has not delivered of the answer would be lost
    private Step finish(Connection c, boolean moreSent) {
        if (!moreSent) {
            return close(c);
        }
        c.lingering = true;
        c.unread = null;
        c.lastActivityNanos = worker.loop().nowNanos();
        served = have;
        slot.syscalls().shutdown(c.fd, Socket.SHUT_WR);
        linger(c);
        return Step.GONE;
    }

    private void linger(Connection c) {
        for (; ; ) {
            int count = slot.syscalls().receive(c.fd, socketInput.segment().address(), WorkerLimits.INPUT_BYTES, 0);
            if (count == -Errno.EAGAIN || count == 0 && c.output != null) {
                return;
            }
            c.lingeredBytes += Math.max(0, count);
            if (count <= 0 || c.lingeredBytes > WorkerLimits.LINGER_BYTES) {
                close(c);
                return;
            }
        }
    }

    /// The request belongs to the control plane: the connection goes back to the gateway, with what was read.
    private Step giveBack(Connection c) {
        if (c.output != null) {
            return Step.BUSY;
        }
        if (!worker.control().giveBack(slot, c, Arrays.copyOfRange(input, served, have))) {
            return refuse(c, ErrorCode.NO_WORKER, "the control plane cannot be reached now; try again in a second");
        }
        served = have;
        return Step.GONE;
    }

    Step close(Connection c) {
        worker.connections().close(slot, c);
        return Step.GONE;
    }

    @Override
    public void close() {
        socketInput.close();
        invocations.close();
    }

    /// A request's body: a range of an array.
    record Body(byte[] bytes, int from, int length) {
        static final Body NONE = new Body(new byte[0], 0, 0);

        /// Whether the body lies in that very array.
        boolean isIn(byte[] array) {
            return bytes == array;
        }
    }
}
