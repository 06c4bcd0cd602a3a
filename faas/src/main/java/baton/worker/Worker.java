package baton.worker;

import baton.engine.Engine;
import baton.function.FunctionVersion;
import baton.http.RequestHead;
import baton.log.Log;
import baton.log.LogEvent;
import baton.posix.Epoll;
import baton.posix.Syscalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A worker process: what it is made of, in the order in which it is made.
///
/// One thread leads the event loop, others wait to take it over or run slow functions; see [EventLoop].
/// Fields marked so belong to the leader.
final class Worker {
    /// Exit code after an error of the program itself.
    private static final int FAILED = 70;

    private final WorkerOptions options;
    private final String label;
    private final Engine engine;
    private final EventLoop loop;
    private final Spares spares;
    private final Watchdog watchdog;
    private final Connections connections;
    private final Modules modules;
    private final Hosts hosts;
    private final Housekeeping housekeeping;
    private final ControlLink control;
    private final TelemetryLink telemetry;
    private final Syscalls loaderSyscalls = new Syscalls();
    private final AtomicLong takeovers = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ByteBudget pendingOutput = new ByteBudget(WorkerLimits.PENDING_OUTPUT_BYTES);
    private final ByteBudget bodies = new ByteBudget(WorkerLimits.BODY_BYTES);
    private final boolean canLowerPriority;
    private volatile boolean stopped;
    private volatile int exitCode;
    private volatile FunctionTable functions;

    // The leader's own.
    private FunctionTable newestTable;
    private final Map<String, FunctionEntry> past = new LinkedHashMap<>();
    private int inflight;
    private long invocations;

    Worker(WorkerOptions options, Engine engine, int controlFd, int telemetryFd) throws IOException {
        this.options = options;
        this.label = options.id() + ":" + ProcessHandle.current().pid();
        this.engine = engine;
        this.canLowerPriority = Priorities.canBeRestored();
        this.functions = FunctionTable.empty(options.hostSuffix());
        this.newestTable = functions;
        this.telemetry = new TelemetryLink(telemetryFd, "worker " + options.id());
        this.loop = new EventLoop();
        this.spares = new Spares(options.reserve(), options.queue());
        this.connections = new Connections(loop);
        this.modules = new Modules(this, engine, options.functions());
        this.hosts = new Hosts(this);
        this.housekeeping = new Housekeeping(this);
        this.control = new ControlLink(this, controlFd);
        this.watchdog = new Watchdog(this, loop, engine);
    }

    /// Serves until the gateway ends it.
    ///
    /// @return the exit code
    int serve(long startedNanos) throws InterruptedException {
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i <= options.spares(); i++) {
            slots.add(new Slot(this, "slot-" + i));
        }
        Slot first = slots.getFirst();
        loop.register(first.syscalls(), control, Epoll.IN);
        slots.stream().skip(1).forEach(spares::giveBack);
        loop.post(first.syscalls(), leader -> {
            control.hello(leader);
            control.ready(leader, (System.nanoTime() - startedNanos) / 1_000_000);
            return true;
        });
        first.lead(loop);
        slots.forEach(Thread::start);
        watchdog.start();
        ended.await();
        return exitCode;
    }

    /// Ends the process. Any thread.
    void end(int code) {
        exitCode = code;
        stopped = true;
        ended.countDown();
    }

    /// A thread of this process met what it cannot go on from: whatever it held, the loop perhaps, is lost.
    /// The process ends, so that it is replaced. Any thread.
    ///
    /// @param syscalls the calling thread's
    void failed(Syscalls syscalls, String thread, Throwable failure) {
        try {
            System.err.println("worker " + options.id() + ": thread " + thread + " failed, ending");
            failure.printStackTrace();
            telemetry.log(syscalls, Log.Level.ERROR, LogEvent.INTERNAL_ERROR, "", "thread", thread, "error", failure);
        } finally {
            end(FAILED);
        }
    }

    boolean stopped() {
        return stopped;
    }

    /// The control socket is closed: without a gateway nobody can reach this worker.
    void gatewayGone(String why) {
        if (!housekeeping.draining()) {
            System.err.println("worker " + options.id() + ": the gateway is gone (" + why + "), ending");
        }
        end(housekeeping.draining() ? 0 : 1);
    }

    /// The table in force. Any thread.
    FunctionTable functions() {
        return functions;
    }

    /// The table that is being loaded, or the one in force. Leader only.
    FunctionTable newestTable() {
        return newestTable;
    }

    void newestTable(FunctionTable table) {
        newestTable = table;
    }

    /// Makes a table the one in force. Leader only.
    void putInForce(Slot leader, FunctionTable next) {
        FunctionTable before = functions;
        functions = next;
        for (FunctionEntry entry : next.entries()) {
            if (entry.loadNanos > 0) {
                entry.counters().started(entry.loadNanos);
                entry.loadNanos = 0;
                entry.changed = true;
            }
        }
        for (FunctionEntry entry : before.entries()) {
            if (next.byId(entry.version().id().toString()) != entry) {
                entry.retired = true;
                telemetry.counters(leader.syscalls(), entry);
                hosts.retire(leader, entry);
                if (entry.inflight == 0) {
                    modules.unload(entry);
                }
            }
        }
    }

    /// Unloads the modules unused longest when there are too many. Leader only.
    void unloadSurplus() {
        List<FunctionEntry> loaded = new ArrayList<>();
        for (FunctionEntry entry : functions.entries()) {
            if (entry.module() != null) {
                loaded.add(entry);
            }
        }
        if (loaded.size() > WorkerLimits.LOADED_MODULES) {
            loaded.sort(Comparator.comparingLong(entry -> entry.lastUsedNanos));
            loaded.stream()
                    .limit(loaded.size() - WorkerLimits.LOADED_MODULES)
                    .filter(entry -> entry.inflight == 0)
                    .forEach(modules::unload);
        }
    }

    /// An invocation began. Leader only.
    void began(FunctionEntry entry) {
        inflight++;
        entry.inflight++;
        entry.lastUsedNanos = loop.nowNanos();
    }

    /// An invocation ended. Leader only.
    void ended(FunctionEntry entry) {
        inflight--;
        entry.inflight--;
        invocations++;
        entry.changed = true;
        if (entry.retired && entry.inflight == 0) {
            modules.unload(entry);
        }
    }

    /// Remembers a version that is not live, for invocations by its id. Leader only.
    void keepPast(FunctionVersion version) {
        String id = version.id().toString();
        if (functions.byId(id) == null && !past.containsKey(id)) {
            past.put(id, new FunctionEntry(version, label));
        }
        if (past.size() > WorkerLimits.PAST_VERSIONS) {
            Iterator<FunctionEntry> oldest = past.values().iterator();
            FunctionEntry entry = oldest.next();
            oldest.remove();
            entry.retired = true;
            if (entry.inflight == 0) {
                modules.unload(entry);
            }
        }
    }

    /// The entry that a request of the control plane names in `X-Baton-Invoke`. Leader only.
    @Nullable
    FunctionEntry internalEntry(RequestHead head) {
        int field = head.find("x-baton-invoke");
        if (field < 0) {
            return null;
        }
        String id = head.text(head.valueStart(field), head.valueEnd(field));
        FunctionEntry live = functions.byId(id);
        return live != null ? live : past.get(id);
    }

    int inflight() {
        return inflight;
    }

    long invocations() {
        return invocations;
    }

    void countTakeover() {
        takeovers.incrementAndGet();
    }

    long takeovers() {
        return takeovers.get();
    }

    /// Whether a slot runs something beside the loop, so that deadlines must be watched.
    boolean callsElsewhere() {
        return spares.free() < options.spares() || spares.waiting() > 0;
    }

    boolean canLowerPriority() {
        return canLowerPriority;
    }

    /// The value of `X-Baton-Worker`.
    String label() {
        return label;
    }

    /// Output that waits for clients to read it.
    ByteBudget pendingOutput() {
        return pendingOutput;
    }

    /// Request bodies that arrive in parts.
    ByteBudget bodies() {
        return bodies;
    }

    Engine engine() {
        return engine;
    }

    EventLoop loop() {
        return loop;
    }

    Spares spares() {
        return spares;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    Connections connections() {
        return connections;
    }

    Modules modules() {
        return modules;
    }

    Hosts hosts() {
        return hosts;
    }

    Housekeeping housekeeping() {
        return housekeeping;
    }

    ControlLink control() {
        return control;
    }

    TelemetryLink telemetry() {
        return telemetry;
    }

    /// System calls of the module loader's thread.
    Syscalls loaderSyscalls() {
        return loaderSyscalls;
    }
}
