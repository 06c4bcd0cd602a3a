package baton.admin;

import baton.function.ErrorCode;
import baton.http.RequestHead;
import baton.log.Log;
import baton.log.LogEvent;
import baton.metrics.CounterSet;
import baton.posix.BlockingSocket;
import baton.posix.Descriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Serves the requests of one connection, one after the other, on the thread that calls it.
final class ControlConnection implements AutoCloseable {
    /// What all connections share.
    record Shared(
            ControlApi api,
            ControlLimits limits,
            BodyBudget budget,
            Followers followers,
            Resting resting,
            CounterSet requests,
            Log log) {}

    /// How serving ended.
    enum Ending {
        /// The connection has nothing more to say.
        CLOSE,
        /// It is at rest between two requests.
        AT_REST
    }

    private final Shared shared;
    private final AccessPolicy access;
    private final boolean publicDoor;
    private final boolean clientOnLoopback;
    private final InputBuffer input;
    private final ResponseWriter responses;
    private final BlockingSocket socket;
    private final Descriptor descriptor;
    private final RequestHead head = new RequestHead();

    /// @param publicDoor whether it was accepted on the public port: then one request is served
    /// @param alreadyRead what was read from it before
    ControlConnection(Shared shared, AccessPolicy access, boolean publicDoor, Descriptor descriptor, byte[] alreadyRead)
            throws IOException {
        this.shared = shared;
        this.access = access;
        this.publicDoor = publicDoor;
        this.descriptor = descriptor;
        this.socket = new BlockingSocket(descriptor);
        try {
            this.clientOnLoopback = InetAddress.ofLiteral(socket.peerHost()).isLoopbackAddress();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        this.input = new InputBuffer(socket, alreadyRead);
        this.responses = new ResponseWriter(socket, shared.limits());
    }

    /// Serves until the client or a failure ends the connection; on the public port after one request.
    Ending serve() throws IOException {
        while (readHead()) {
            boolean keep = serveOne();
            if (!keep) {
                responses.finish(input, ResponseWriter.LINGER);
                return Ending.CLOSE;
            }
            if (publicDoor) {
                return Ending.AT_REST;
            }
        }
        return Ending.CLOSE;
    }

    private boolean readHead() throws IOException {
        long deadline = InputBuffer.deadline(
                input.length() > 0 ? shared.limits().head() : shared.limits().idle());
        boolean begun = input.length() > 0;
        while (true) {
            int length = head.parse(input.bytes(), input.start(), input.end());
            if (length > 0) {
                return true;
            }
            if (length < 0) {
                refuse(new Refusal(head.error(), head.errorDetail()));
                return false;
            }
            if (!fill(deadline, begun)) {
                return false;
            }
            if (!begun) {
                begun = true;
                deadline = InputBuffer.deadline(shared.limits().head());
            }
        }
    }

    private boolean fill(long deadline, boolean begun) throws IOException {
        if (!shared.resting().enter(descriptor)) {
            return false;
        }
        try {
            return input.fill(deadline);
        } catch (SocketTimeoutException e) {
            if (begun) {
                long seconds = shared.limits().head().toSeconds();
                refuse(new Refusal(ErrorCode.REQUEST_TIMEOUT, "the head did not arrive within " + seconds + " s"));
            }
            return false;
        } finally {
            shared.resting().leave(descriptor);
        }
    }

    private void refuse(Refusal refusal) throws IOException {
        responses.begin(false, true, false);
        responses.write(Reply.refusal(refusal));
        responses.finish(input, ResponseWriter.LINGER);
    }

    /// Gives the connection away, with what was read of the next request.
    void handBackTo(ReturnDoor door) {
        byte[] unread = input.takeAll();
        door.handBack(socket.release(), unread);
    }

    @Override
    public void close() {
        socket.close();
    }

    /// @return whether the connection may serve another request
    private boolean serveOne() throws IOException {
        try (BodyBudget.Share share = shared.budget().share()) {
            RequestBody body = new RequestBody(head, input, socket, share, shared.limits());
            String method = head.text(head.methodStart(), head.methodEnd());
            boolean keepAlive = head.keepAlive();
            responses.begin(method.equals("HEAD"), head.http11(), keepAlive);
            Reply reply = answer(method, body);
            shared.requests().increment(Integer.toString(reply.status()));
            return switch (reply) {
                case Reply.Whole whole -> {
                    boolean keep = body.skip() && keepAlive;
                    responses.keepAlive(keep);
                    responses.write(whole);
                    yield keep;
                }
                case Reply.Stream stream -> {
                    stream(stream);
                    yield false;
                }
            };
        }
    }

    private void stream(Reply.Stream stream) throws IOException {
        if (!shared.followers().enter()) {
            responses.keepAlive(false);
            responses.write(Reply.refusal(new Refusal(
                    503,
                    ErrorCode.BUSY.name(),
                    "there are " + shared.limits().followers() + " log streams already: end one of them")));
            return;
        }
        try {
            responses.write(stream, this::pause);
        } finally {
            shared.followers().leave();
        }
    }

    private boolean pause(int millis) throws IOException {
        if (!shared.resting().enter(descriptor)) {
            return false;
        }
        try {
            input.consume(input.length());
            return input.fill(InputBuffer.deadline(Duration.ofMillis(millis)));
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            shared.resting().leave(descriptor);
        }
    }

    private Reply answer(String method, RequestBody body) throws IOException {
        String path = head.text(head.pathStart(), head.pathEnd());
        String query = head.text(head.queryStart(), head.queryEnd());
        String host = head.text(head.hostStart(), head.hostEnd());
        Map<String, String> headers = headers();
        input.consume(head.length());
        try {
            checkAccess(path, host, headers);
            if (!path.startsWith("/")) {
                throw new Refusal(404, "NO_RESOURCE", "the admin API has only absolute paths");
            }
            ControlRequest request = new ControlRequest(method, path, QueryParameters.parse(query), headers, body);
            return shared.api().answer(request, publicDoor);
        } catch (Refusal e) {
            return Reply.refusal(e);
        } catch (RuntimeException e) {
            shared.log().error(LogEvent.INTERNAL_ERROR, "request", method + " " + path, "error", e);
            return Reply.refusal(
                    new Refusal(ErrorCode.INTERNAL, "the platform failed: see its log for internal_error"));
        }
    }

    private void checkAccess(String path, String host, Map<String, String> headers) throws Refusal {
        try {
            access.check(path, host, name -> Optional.ofNullable(headers.get(name)), clientOnLoopback);
        } catch (Refusal e) {
            shared.log().warn(LogEvent.ADMIN_REQUEST_REFUSED, "path", path, "reason", e.sentence());
            throw e;
        }
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        for (int field = 0; field < head.fields(); field++) {
            String name = head.text(head.nameStart(field), head.nameEnd(field)).toLowerCase(Locale.ROOT);
            headers.putIfAbsent(name, head.text(head.valueStart(field), head.valueEnd(field)));
        }
        return headers;
    }
}
