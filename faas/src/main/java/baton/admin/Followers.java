package baton.admin;

import java.util.concurrent.Semaphore;

/// Counts the clients that follow a log, up to a limit. Safe for use by several threads.
final class Followers {
    private final Semaphore places;

    Followers(int limit) {
        places = new Semaphore(limit);
    }

    boolean enter() {
        return places.tryAcquire();
    }

    void leave() {
        places.release();
    }
}
