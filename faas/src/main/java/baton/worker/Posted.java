package baton.worker;

/// What another thread asks of the loop: it is run by the leader.
@FunctionalInterface
interface Posted {
    /// @return false when the calling slot lost the loop meanwhile and must not touch it any more
    boolean run(Slot leader);
}
