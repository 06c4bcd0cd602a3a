package baton.worker;

import baton.engine.Engine;
import baton.posix.Syscalls;
import java.util.concurrent.locks.LockSupport;

/// The thread that looks every millisecond whether the loop is held by one call, and then gives the loop to
/// a spare slot. It also drives the engine's clock. Without work it sleeps longer and longer.
final class Watchdog extends Thread {
    private static final long TICK_NANOS = 1_000_000;
    private static final long REST_NANOS = 10_000_000;
    private static final int IDLE_TICKS = 100;

    private final Worker worker;
    private final EventLoop loop;
    private final Engine engine;
    private volatile boolean resting;

    Watchdog(Worker worker, EventLoop loop, Engine engine) {
        super(null, null, "watchdog");
        this.worker = worker;
        this.loop = loop;
        this.engine = engine;
        setDaemon(true);
        setPriority(MAX_PRIORITY);
    }

    /// A call began: the watchdog must not rest.
    void callBegan() {
        if (resting) {
            LockSupport.unpark(this);
        }
    }

    @Override
    public void run() {
        try {
            watch();
        } catch (Throwable failure) {
            worker.failed(Syscalls.ofThread(), getName(), failure);
        }
    }

    private void watch() {
        long lastToken = 0;
        int idle = 0;
        while (!worker.stopped()) {
            LockSupport.parkNanos(TICK_NANOS);
            engine.tick(System.nanoTime());
            long token = loop.token();
            boolean running = (token & 1) == 1;
            // The same call at two looks in a row has lasted between one and two milliseconds.
            if (running && token == lastToken && worker.spares().takeOver(loop, token)) {
                worker.countTakeover();
            }
            boolean active = running || token != lastToken || worker.callsElsewhere();
            lastToken = token;
            idle = active ? 0 : idle + 1;
            if (idle > IDLE_TICKS) {
                resting = true;
                LockSupport.parkNanos(REST_NANOS);
                resting = false;
            }
        }
    }
}
