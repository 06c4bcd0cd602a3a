package baton.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import baton.function.VersionId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FunctionTotalsTest {
    private static final VersionId HELLO = VersionId.parse("hello_1");

    private final FunctionTotals totals = new FunctionTotals();

    @Test
    void countsALostReportOnceTheNextOneArrives() {
        totals.report("shared/0:1", HELLO, after(3));
        totals.report("shared/0:1", HELLO, after(7));

        assertThat(totals.total(HELLO).invocations()).isEqualTo(7);
    }

    @Test
    void addsTheWorkersUp() {
        totals.report("shared/0:1", HELLO, after(3));
        totals.report("shared/1:2", HELLO, after(4));

        assertThat(totals.total(HELLO).invocations()).isEqualTo(7);
    }

    @Test
    void neverGoesDownWhenAWorkerIsReplaced() {
        totals.report("shared/0:1", HELLO, after(5));
        totals.processEnded("shared/0:1");
        totals.report("shared/0:9", HELLO, after(1));

        assertThat(totals.total(HELLO).invocations()).isEqualTo(6);
    }

    @Test
    void forgetsVersionsThatExistNoMore() {
        totals.report("shared/0:1", HELLO, after(5));

        totals.keepOnly(Set.of(VersionId.parse("hello_2")));

        assertThat(totals.total(HELLO).invocations()).isZero();
    }

    private static FunctionCounters after(int invocations) {
        FunctionCounters counters = new FunctionCounters();
        for (int i = 0; i < invocations; i++) {
            counters.completed(1_000);
        }
        return counters;
    }
}
