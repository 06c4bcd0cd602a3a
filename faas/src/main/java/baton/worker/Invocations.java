package baton.worker;

import baton.engine.CompiledModule;
import baton.engine.Ending;
import baton.engine.InstanceRunner;
import baton.engine.InvalidModuleException;
import baton.engine.wasi.WasiContext;
import baton.function.ErrorCode;
import baton.function.FunctionLimits;
import baton.function.FunctionVersion;
import baton.http.RequestHead;
import baton.http.Router;
import baton.log.LogEvent;
import baton.posix.NativeBuffer;
import baton.worker.Requests.Body;
import baton.worker.Requests.Step;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Runs functions for requests: here on the loop, on a spare slot, or in a language host. One per slot.
final class Invocations implements AutoCloseable {
    private static final int FIRST_OUTPUT_BYTES = 64 << 10;
    private static final int MAX_OUTPUT_BYTES = (256 << 20) + Responder.HEAD_ROOM;

    private final Worker worker;
    private final Slot slot;
    private final Responder responder;
    private final RequestEnvironment environment;
    private final NativeBuffer output = new NativeBuffer(FIRST_OUTPUT_BYTES, MAX_OUTPUT_BYTES);
    private final WasiContext context = new WasiContext(output);
    private final Answers answers;
    private @Nullable InstanceRunner runner;

    Invocations(Worker worker, Slot slot, Responder responder) {
        this.worker = worker;
        this.slot = slot;
        this.responder = responder;
        this.answers = new Answers(responder);
        this.environment = new RequestEnvironment(slot.syscalls());
        context.environment = environment;
    }

    Answers answers() {
        return answers;
    }

    /// What is served: a parsed head, what the router said of it, and the whole body.
    ///
    /// @param buffer the array that the head was parsed from
    record Request(RequestHead head, byte[] buffer, Router.Match match, Body body) {}

    /// Serves a request on the loop, or sees that somebody else does. Leader only.
    Step serve(Connection c, FunctionEntry entry, Request request) {
        responder.requestId().of(request.head, request.buffer);
        c.call.begin(entry);
        if (c.requests == 1) {
            c.call.queueNanos = System.nanoTime() - c.origin.acceptedNanos();
        }
        if (entry.inflight >= entry.version().limits().concurrency()) {
            return busy(c, entry, request.head);
        }
        return switch (entry.version().language().runner()) {
            case WASM -> wasm(c, entry, request);
            case STATIC -> content(c, entry, request);
            case HOST -> worker.hosts().serve(slot, c, entry, request);
        };
    }

    private Step busy(Connection c, FunctionEntry entry, RequestHead head) {
        responder.error(
                c, head, ErrorCode.BUSY, "function " + entry.version().name() + " is busy; try again in a second");
        return Step.NEXT;
    }

    private Step content(Connection c, FunctionEntry entry, Request request) {
        StaticContent content = entry.content();
        if (content == null) {
            return offload(c, entry, request);
        }
        worker.began(entry);
        long start = System.nanoTime();
        answers.content(c, request.head, content);
        c.call.execNanos = System.nanoTime() - start;
        account(c);
        return Step.NEXT;
    }

    private Step wasm(Connection c, FunctionEntry entry, Request request) {
        CompiledModule module = entry.module();
        Speed speed = entry.speed();
        boolean quick = !speed.slow() && (worker.spares().free() > 0 || speed.provenQuick());
        if (module == null || !quick || !module.acquire()) {
            return offload(c, entry, request);
        }
        worker.began(entry);
        c.busy = true;
        slot.beginCall();
        long deadline = System.nanoTime() + entry.version().limits().timeout().toNanos();
        execute(c, entry, module, request, deadline);
        if (!slot.endCall()) {
            return Step.DEMOTED;
        }
        c.busy = false;
        account(c);
        return Step.NEXT;
    }

    /// Gives the request to a spare slot, with a copy of its bytes.
    private Step offload(Connection c, FunctionEntry entry, Request request) {
        RequestHead head = request.head;
        int headEnd = head.start() + head.length();
        Body body = request.body;
        byte[] headBytes = Arrays.copyOfRange(request.buffer, head.start(), headEnd);
        boolean ownBody = !body.isIn(request.buffer);
        byte[] bodyBytes =
                ownBody ? body.bytes() : Arrays.copyOfRange(body.bytes(), body.from(), body.from() + body.length());
        int scriptEnd = request.match.scriptEnd - head.start();
        Job job = new Job(
                c,
                entry,
                headBytes,
                scriptEnd,
                new Body(bodyBytes, ownBody ? body.from() : 0, body.length()),
                responder.requestId().copy(),
                System.nanoTime());
        worker.began(entry);
        c.busy = true;
        if (!worker.spares().submit(job, entry.speed().slow())) {
            c.busy = false;
            worker.ended(entry);
            return busy(c, entry, head);
        }
        return Step.BUSY;
    }

    /// Runs a job on this slot, which does not lead.
    ///
    /// @param head the slot's own parser
    void run(Job job, RequestHead head, Router.Match match) {
        Connection c = job.connection();
        FunctionEntry entry = job.entry();
        head.parse(job.head(), 0, job.head().length);
        match.scriptEnd = job.scriptEnd();
        responder.requestId().restore(job.requestId());
        long begun = System.nanoTime();
        c.call.queueNanos += begun - job.postedNanos();
        Request request = new Request(head, job.head(), match, job.body());
        try {
            if (entry.version().language().runner() == baton.function.Language.Runner.STATIC) {
                worker.modules().load(entry);
                StaticContent content = entry.content();
                if (content != null) {
                    answers.content(c, head, content);
                }
                return;
            }
            boolean cold = entry.module() == null;
            CompiledModule module = worker.modules().hold(entry);
            c.call.coldNanos = cold ? System.nanoTime() - begun : 0;
            long deadline =
                    job.postedNanos() + entry.version().limits().timeout().toNanos();
            execute(c, entry, module, request, deadline);
        } catch (InvalidModuleException | IOException e) {
            responder.error(
                    c,
                    head,
                    ErrorCode.NO_WORKER,
                    "function " + entry.version().name() + " cannot be loaded: " + e.getMessage());
        } catch (RuntimeException | OutOfMemoryError failure) {
            broken(c, head, failure);
        }
    }

    /// Runs the function in a fresh instance, answers, then frees the instance. The slot owns the connection.
    ///
    /// @param module held for this call
    private void execute(Connection c, FunctionEntry entry, CompiledModule module, Request request, long deadline) {
        FunctionLimits limits = entry.version().limits();
        InstanceRunner instances = runner();
        Body body = request.body;
        context.stdin = body.bytes();
        context.stdinOffset = body.from();
        context.stdinLength = body.length();
        context.argument = entry.version().name().value();
        context.memoryBytes = limits.memoryBytes();
        context.outputBytes = limits.outputBytes();
        context.deadlineNanos = deadline;
        environment.use(request, c, entry);
        output.length(Responder.HEAD_ROOM);
        try {
            long start = System.nanoTime();
            Ending ending = instances.run(module, context);
            c.call.execNanos = System.nanoTime() - start;
            if (ending == Ending.RETURNED) {
                answers.output(c, request, output);
            } else {
                fail(c, entry, request.head, ending);
            }
            stderr(entry);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError failure) {
            broken(c, request.head, failure);
        } finally {
            instances.drop();
            module.release();
            output.shrinkTo(WorkerLimits.KEPT_OUTPUT_BYTES);
        }
    }

    /// The platform failed at this request; the others go on.
    private void broken(Connection c, RequestHead head, Throwable failure) {
        worker.telemetry()
                .warn(
                        slot.syscalls(),
                        LogEvent.INTERNAL_ERROR,
                        responder.requestId().toString(),
                        "error",
                        failure);
        responder.giveUp(c, head);
    }

    private InstanceRunner runner() {
        InstanceRunner made = runner;
        if (made == null) {
            made = worker.engine().newRunner(slot::beforeBlocking);
            runner = made;
        }
        return made;
    }

    private void fail(Connection c, FunctionEntry entry, RequestHead head, Ending ending) {
        FunctionVersion version = entry.version();
        FunctionLimits limits = version.limits();
        String name = "function " + version.name() + " ";
        String failure = context.failure == null ? "" : ": " + context.failure;
        ErrorCode code =
                switch (ending) {
                    case EXITED -> ErrorCode.EXIT_STATUS;
                    case TRAPPED -> ErrorCode.TRAP;
                    case TIMED_OUT -> ErrorCode.TIMEOUT;
                    case OUT_OF_MEMORY -> ErrorCode.MEMORY;
                    case OUTPUT_TOO_LARGE -> ErrorCode.OUTPUT_TOO_LARGE;
                    case REFUSED -> ErrorCode.BUSY;
                    case RETURNED -> throw new IllegalArgumentException("a function that returned did not fail");
                };
        String sentence =
                switch (ending) {
                    case EXITED -> name + "exited with status " + context.exitCode;
                    case TRAPPED -> name + "trapped" + failure;
                    case TIMED_OUT ->
                        name + "ran longer than its timeout of "
                                + limits.timeout().toMillis() + " ms; deploy it with a larger --timeout";
                    case OUT_OF_MEMORY ->
                        name + "failed at its memory limit of " + limits.memoryBytes()
                                + " bytes; deploy it with a larger --memory" + failure;
                    case OUTPUT_TOO_LARGE ->
                        name + "wrote more than its output limit of " + limits.outputBytes()
                                + " bytes; deploy it with a larger --max-output";
                    case REFUSED, RETURNED -> name + "could not be started" + failure;
                };
        int exit = ending == Ending.EXITED ? context.exitCode : 0;
        responder.error(c, head, code, sentence, exit, context.stderr, context.stderrLength);
        worker.telemetry()
                .functionFailed(slot.syscalls(), entry, responder.requestId().toString(), code, sentence);
    }

    private void stderr(FunctionEntry entry) {
        if (context.stderrLength > 0) {
            String invocation = responder.requestId().toString();
            worker.telemetry()
                    .stderr(
                            slot.syscalls(),
                            entry,
                            invocation,
                            context.stderr,
                            context.stderrLength,
                            context.stderrDropped);
        }
    }

    /// Counts what became of a connection's call. Leader only.
    void account(Connection c) {
        Call call = c.call;
        FunctionEntry entry = call.entry;
        if (entry == null) {
            return;
        }
        if (call.failure == null) {
            entry.counters().completed(call.execNanos);
        } else if (call.failure == ErrorCode.TIMEOUT) {
            entry.counters().timedOut(call.execNanos);
        } else {
            entry.counters().failed(call.execNanos);
        }
        if (call.coldNanos > 0) {
            entry.counters().coldStarted(call.coldNanos);
        }
        entry.speed().record(call.execNanos);
        worker.ended(entry);
        if (entry.retired) {
            // It is not among those that are reported from time to time.
            worker.telemetry().counters(slot.syscalls(), entry);
        }
        call.entry = null;
    }

    @Override
    public void close() {
        InstanceRunner made = runner;
        if (made != null) {
            made.close();
        }
        output.close();
        responder.close();
    }
}
