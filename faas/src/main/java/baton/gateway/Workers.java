package baton.gateway;

import baton.function.FunctionVersion;
import baton.function.RouteTable;
import baton.log.Log;
import baton.log.LogEvent;
import baton.pool.Seat;
import baton.pool.Strategy;
import baton.pool.Supervisor;
import baton.pool.TelemetryReader;
import baton.pool.WorkerLaunch;
import baton.pool.WorkerLink;
import baton.pool.WorkerLink.Handoff;
import baton.posix.Descriptor;
import baton.posix.Epoll;
import baton.posix.MessageBuffer;
import baton.posix.Syscalls;
import baton.wire.ConnectionFrame;
import baton.wire.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The workers of the shared pool as the gateway's loop sees them: who sits where, who gets the next
/// connection, and which change of routes is in force where. Owned by the loop.
final class Workers implements WorkerLink.Listener {
    private static final long REPORT_NANOS = 10_000_000_000L;
    private static final long START_NANOS = 30_000_000_000L;

    /// What the gateway does when a worker says something.
    interface Events {
        void workerAvailable();

        void connectionBack(Descriptor socket, ConnectionFrame state);

        void connectionMoved(Descriptor socket, ConnectionFrame state);

        void hostWanted(WorkerLink link, String versionId);

        void hostStuck(String versionId);

        void orphaned(Handoff handoff);
    }

    private final GatewayLoop loop;
    private final Syscalls syscalls;
    private final Strategy strategy;
    private final Supervisor supervisor;
    private final TelemetryReader telemetry;
    private final Log log;
    private final Events events;
    private final List<Seat> seats;
    private final MessageBuffer frames = new MessageBuffer(Protocol.MAX_FRAME_BYTES);
    private final List<Publication> publications = new ArrayList<>();
    private RouteTable table = RouteTable.EMPTY;
    private boolean stopping;

    Workers(Parts parts, WorkerLaunch launch, Events events) {
        this.loop = parts.loop;
        this.syscalls = loop.syscalls();
        this.strategy = parts.strategy;
        this.telemetry = parts.telemetry;
        this.log = parts.log;
        this.seats = List.copyOf(parts.seats);
        this.events = events;
        this.supervisor = new Supervisor(launch, log, (seat, worker) -> loop.post(() -> seated(seat, worker)));
    }

    /// What the workers' view is made of.
    record Parts(GatewayLoop loop, Strategy strategy, TelemetryReader telemetry, List<Seat> seats, Log log) {}

    Supervisor supervisor() {
        return supervisor;
    }

    List<Seat> seats() {
        return seats;
    }

    void start() {
        seats.forEach(supervisor::fill);
    }

    private void seated(Seat seat, WorkerLaunch.Started worker) {
        if (stopping) {
            supervisor.bury(seat, worker.process(), "the platform stops");
            worker.control().close();
            worker.telemetry().close();
            return;
        }
        WorkerLink link = new WorkerLink(seat.id(), worker, frames, this);
        seat.occupy(link);
        telemetry.add(seat, seat.id() + ":" + worker.process().pid(), worker.telemetry());
        loop.watch(link.descriptor(), Epoll.IN | Epoll.READ_HANGUP, bits -> onWorker(seat, link, bits));
        link.publish(syscalls, table);
        updateInterest(link);
    }

    private void onWorker(Seat seat, WorkerLink link, int bits) {
        if ((bits & Epoll.OUT) != 0) {
            link.flush(syscalls);
        }
        String fault = link.receive(syscalls);
        if (!fault.isEmpty()) {
            lost(seat, link, fault);
            return;
        }
        updateInterest(link);
    }

    private void updateInterest(WorkerLink link) {
        int interest = Epoll.IN | Epoll.READ_HANGUP | (link.blocked() ? Epoll.OUT : 0);
        loop.changeInterest(link.descriptor(), interest);
    }

    /// A worker is gone or of no use: its seat is filled again, and connections that it never acknowledged
    /// go to others.
    private void lost(Seat seat, WorkerLink link, String reason) {
        loop.forget(link.descriptor());
        List<Handoff> orphans = link.takeUnacknowledged(syscalls);
        link.close();
        if (seat.link() == link) {
            seat.vacate(!link.draining());
        }
        supervisor.bury(seat, link.process(), link.draining() ? Supervisor.DRAINED : reason);
        publications.removeIf(publication -> publication.without(link));
        orphans.forEach(events::orphaned);
    }

    /// Gives a connection to a worker.
    ///
    /// @return false when none is available; then the descriptor is still the caller's
    boolean handOff(Handoff handoff) {
        int index = strategy.choose(seats);
        if (index < 0) {
            return false;
        }
        Seat seat = seats.get(index);
        WorkerLink link = seat.link();
        if (link == null) {
            return false;
        }
        seat.chosen(loop.nowNanos());
        link.handOff(syscalls, handoff);
        if (link.blocked()) {
            updateInterest(link);
        }
        return true;
    }

    /// Gives a connection of the control plane to a worker that knows a version, live or not.
    boolean handOff(Handoff handoff, FunctionVersion version) {
        int index = strategy.choose(seats);
        WorkerLink link = index < 0 ? null : seats.get(index).link();
        if (link == null) {
            return false;
        }
        if (!version.equals(table.live().get(version.name().value()))) {
            link.makeKnown(syscalls, version);
        }
        seats.get(index).chosen(loop.nowNanos());
        link.handOff(syscalls, handoff);
        updateInterest(link);
        return true;
    }

    /// Makes a table the one in force everywhere.
    void publish(RouteTable next, Publication publication) {
        table = next;
        for (Seat seat : seats) {
            WorkerLink link = seat.link();
            if (link != null) {
                link.publish(syscalls, next);
                updateInterest(link);
                if (link.available()) {
                    publication.waitFor(link);
                }
            }
        }
        if (!publication.settled()) {
            publications.add(publication);
        }
    }

    /// Replaces a worker: it finishes what it has and ends.
    ///
    /// @param move whether its connections go on elsewhere; else they are closed
    boolean drain(String id, int deadlineMillis, boolean move) {
        for (Seat seat : seats) {
            WorkerLink link = seat.link();
            if (seat.id().equals(id) && link != null) {
                link.drain(syscalls, deadlineMillis, move);
                updateInterest(link);
                return true;
            }
        }
        return false;
    }

    /// Ends all workers; none is replaced.
    void drainAll(int deadlineMillis) {
        stopping = true;
        supervisor.stop();
        seats.forEach(seat -> drain(seat.id(), deadlineMillis, false));
    }

    boolean allGone() {
        return seats.stream().allMatch(seat -> seat.link() == null);
    }

    /// Replaces workers that do not start, do not report or do not follow a change of routes.
    void tick() {
        long now = loop.nowNanos();
        for (Seat seat : seats) {
            WorkerLink link = seat.link();
            if (link == null) {
                continue;
            }
            long silent = now - seat.reportedNanos();
            if (silent > (link.ready() ? REPORT_NANOS : START_NANOS)) {
                log.warn(LogEvent.WORKER_UNRESPONSIVE, "worker", seat.id(), "silent_ms", silent / 1_000_000);
                lost(seat, link, "unresponsive");
            }
        }
        List<Publication> late = publications.stream()
                .filter(publication -> now > publication.deadlineNanos())
                .toList();
        for (Publication publication : late) {
            for (WorkerLink link : publication.waiting()) {
                seats.stream()
                        .filter(seat -> seat.link() == link)
                        .forEach(seat -> lost(seat, link, "routes " + publication.number() + " not in force in time"));
            }
        }
    }

    @Override
    public void ready(WorkerLink link, long startMillis) {
        log.info(
                LogEvent.WORKER_READY,
                "worker",
                link.id(),
                "pid",
                link.process().pid(),
                "start_ms",
                startMillis);
        if (link.available()) {
            events.workerAvailable();
        }
    }

    @Override
    public void applied(WorkerLink link, long number) {
        publications.removeIf(publication -> publication.applied(link, number));
        if (link.available()) {
            events.workerAvailable();
        }
    }

    @Override
    public void connectionBack(WorkerLink link, Descriptor socket, ConnectionFrame state) {
        events.connectionBack(socket, state);
    }

    @Override
    public void connectionMoved(WorkerLink link, Descriptor socket, ConnectionFrame state) {
        events.connectionMoved(socket, state);
    }

    @Override
    public void hostWanted(WorkerLink link, String versionId) {
        events.hostWanted(link, versionId);
    }

    @Override
    public void hostStuck(WorkerLink link, String versionId) {
        events.hostStuck(versionId);
    }

    @Override
    public void moduleRejected(WorkerLink link, String versionId, String reason) {
        log.error(LogEvent.MODULE_REJECTED, "worker", link.id(), "version", versionId, "error", reason);
    }

    /// Gives a host's stream to the worker that asked for it, if it is still there.
    void giveHost(WorkerLink link, String versionId, @Nullable Descriptor stream, String reason) {
        boolean there = seats.stream().anyMatch(seat -> seat.link() == link);
        if (!there) {
            if (stream != null) {
                stream.close();
            }
            return;
        }
        if (stream == null) {
            link.hostFailed(syscalls, versionId, reason);
        } else {
            link.giveHost(syscalls, versionId, stream);
        }
        updateInterest(link);
    }

    /// Ends what is left, when the platform's own deadline has passed.
    void close() {
        for (Seat seat : seats) {
            WorkerLink link = seat.link();
            if (link != null) {
                lost(seat, link, "the platform stops");
            }
        }
        supervisor.close();
    }
}
