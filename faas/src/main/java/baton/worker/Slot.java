package baton.worker;

import baton.posix.Syscalls;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that can lead the loop or run one invocation, with everything that belongs to a thread: its
/// stack, system calls with their errno, buffers, parser and instance runner. None of that ever moves to
/// another thread.
final class Slot extends Thread {
    /// WebAssembly may use half a megabyte of stack, and the host functions above it need theirs.
    private static final long STACK_BYTES = 4L << 20;

    private final Worker worker;
    private final Syscalls syscalls = new Syscalls();
    private final Requests requests;
    private volatile @Nullable EventLoop leads;
    private volatile @Nullable Job job;
    private int threadId;

    /// The loop that this thread leads, and the token of the call that it runs on it; only this thread uses
    /// them.
    private @Nullable EventLoop led;

    private long callToken;

    Slot(Worker worker, String name) {
        super(null, null, name, STACK_BYTES);
        this.worker = worker;
        this.requests = new Requests(worker, this);
        setDaemon(true);
    }

    Syscalls syscalls() {
        return syscalls;
    }

    Requests requests() {
        return requests;
    }

    /// Makes the slot lead. Called by whoever took the slot from the spares and won the loop.
    void lead(EventLoop loop) {
        leads = loop;
        Spares.wake(this);
    }

    /// Makes the slot run a job. Called by whoever took the slot from the spares.
    void runJob(Job next) {
        job = next;
        Spares.wake(this);
    }

    @Override
    public void run() {
        try {
            serve();
        } catch (Throwable failure) {
            worker.failed(syscalls, getName(), failure);
        }
    }

    private void serve() {
        threadId = syscalls.threadId();
        while (!worker.stopped()) {
            EventLoop loop = leads;
            Job next = job;
            if (loop != null) {
                leads = null;
                follow(loop);
                becomeSpare();
            } else if (next != null) {
                job = null;
                runAtLowPriority(next);
                becomeSpare();
            } else {
                LockSupport.park(this);
            }
        }
        requests.close();
    }

    /// Takes the next waiting job, or waits among the spares; then another thread may set [#job] or [#leads]
    /// at once.
    private void becomeSpare() {
        Job next = worker.spares().nextFor(this);
        if (next != null) {
            job = next;
        }
    }

    private void follow(EventLoop loop) {
        led = loop;
        while (!worker.stopped() && loop.turn(this, worker.housekeeping().timeoutMillis())) {
            worker.housekeeping().tick(this);
        }
        led = null;
        callToken = 0;
    }

    /// Slow functions compete with each other for the processor, not with the loop.
    private void runAtLowPriority(Job next) {
        boolean nice = worker.canLowerPriority() && next.entry().speed().slow();
        if (nice) {
            syscalls.setThreadNice(threadId, WorkerLimits.SLOW_NICE);
        }
        requests.run(next);
        if (nice) {
            syscalls.setThreadNice(threadId, 0);
        }
    }

    /// Begins a call on the loop that this slot leads: from here on nothing of the loop is its own.
    void beginCall() {
        callToken = loop().beginCall();
        worker.watchdog().callBegan();
    }

    /// Ends the call.
    ///
    /// @return whether this slot still leads; if not, it may only post to the loop
    boolean endCall() {
        long token = callToken;
        callToken = 0;
        return loop().endCall(token);
    }

    /// The loop that this slot leads or, after it lost it in a call, led.
    EventLoop loop() {
        EventLoop loop = led;
        if (loop == null) {
            throw new IllegalStateException("this slot does not lead");
        }
        return loop;
    }

    /// The batch of events is handled: what was gathered meanwhile leaves now.
    void beforeWait() {
        worker.hosts().flush(this);
    }

    /// A host function is about to block: give the loop away now instead of waiting for the watchdog.
    void beforeBlocking() {
        EventLoop loop = led;
        if (loop != null && callToken != 0 && loop.token() == callToken) {
            worker.spares().takeOver(loop, callToken);
        }
    }
}
