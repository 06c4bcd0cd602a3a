package baton.worker;

import baton.posix.Syscalls;

/// Tells whether this process may raise a thread's priority again after lowering it, which takes privilege
/// or a resource limit ([setpriority(2)](https://man7.org/linux/man-pages/man2/setpriority.2.html)). A
/// thread that could not would have to stay slow when it leads the loop, so then no priority is touched.
final class Priorities {
    private Priorities() {}

    static boolean canBeRestored() {
        boolean[] restored = {false};
        Thread probe = new Thread(() -> {
            Syscalls syscalls = new Syscalls();
            int thread = syscalls.threadId();
            restored[0] = syscalls.setThreadNice(thread, 1) >= 0 && syscalls.setThreadNice(thread, 0) >= 0;
        });
        probe.start();
        try {
            probe.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return restored[0];
    }
}
