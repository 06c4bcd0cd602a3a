package baton.worker;

/// Something with a descriptor that the event loop watches. Its events come to whichever slot leads the loop.
abstract class EventTarget {
    final int fd;
    /// Tells this user of the descriptor's number from an earlier one: an event of a closed descriptor may
    /// still be in the batch.
    final int generation;

    EventTarget(int fd, int generation) {
        this.fd = fd;
        this.generation = generation;
    }

    /// Handles events.
    ///
    /// @return false when the calling slot lost the loop meanwhile and must not touch it any more
    abstract boolean onEvents(Slot leader, int events);
}
