package baton.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ModuleHoldsTest {
    private final ModuleHolds holds = new ModuleHolds();

    @Test
    void freesAtOnceWhenNobodyHolds() {
        assertThat(holds.acquire()).isTrue();
        assertThat(holds.release()).isFalse();
        assertThat(holds.retire()).isTrue();
        assertThat(holds.retire()).isFalse();
        assertThat(holds.acquire()).isFalse();
    }

    @Test
    void leavesFreeingToTheLastHolder() {
        holds.acquire();
        holds.acquire();
        assertThat(holds.retire()).isFalse();
        assertThat(holds.release()).isFalse();
        assertThat(holds.acquire()).isFalse();
        assertThat(holds.release()).isTrue();
    }

    @Test
    void noticesOneReleaseTooMany() {
        assertThatThrownBy(holds::release).isInstanceOf(IllegalStateException.class);
        ModuleHolds retired = new ModuleHolds();
        retired.retire();
        assertThatThrownBy(retired::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void freesOnceUnderContention() {
        AtomicInteger freed = new AtomicInteger();
        List<CompletableFuture<Void>> users = new ArrayList<>();
        for (int user = 0; user < 4; user++) {
            users.add(CompletableFuture.runAsync(() -> {
                while (holds.acquire()) {
                    freed.addAndGet(holds.release() ? 1 : 0);
                }
            }));
        }
        freed.addAndGet(holds.retire() ? 1 : 0);
        users.forEach(CompletableFuture::join);
        assertThat(freed).hasValue(1);
    }
}
