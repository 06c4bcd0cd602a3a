package baton.worker;

/// Tells slow functions from quick ones by their last eight calls. One slow call means nothing: the thread
/// may have been preempted, or the code was new.
///
/// Written by the leader only; other threads may read a stale answer, which costs time and nothing else.
final class Speed {
    private static final int PROVEN_RUNS = 100;
    private static final int SLOW_OF_EIGHT = 4;

    private int history;
    private int quickRuns;
    private volatile boolean slow;

    void record(long nanos) {
        boolean lasted = nanos > WorkerLimits.SLOW_CALL_NANOS;
        if (!lasted && history == 0) {
            quickRuns++;
            return;
        }
        history = (history << 1 | (lasted ? 1 : 0)) & 0xff;
        int count = Integer.bitCount(history);
        if (count >= SLOW_OF_EIGHT) {
            slow = true;
        } else if (count <= 1) {
            slow = false;
        }
    }

    /// At least half of the last eight calls lasted more than a millisecond.
    boolean slow() {
        return slow;
    }

    /// Many calls and none of the last eight was slow: it may run on the loop even when no spare slot is
    /// left.
    boolean provenQuick() {
        return quickRuns >= PROVEN_RUNS && history == 0;
    }
}
