package baton.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class StackSizeTest {
    @Test
    void readsWhatClangWrites() {
        assertThat(StackSize.parse("echo.c:12:main\t65584\tstatic"))
                .isEqualTo(new StackSize.Frame("main", 65584, false));
        assertThat(StackSize.parse("/usr/include/c++/v1/string:2560:_ZNSt3\t16\tdynamic"))
                .isEqualTo(new StackSize.Frame("_ZNSt3", 16, true));
    }

    @Test
    void refusesALineOfAnotherForm() {
        assertThatThrownBy(() -> StackSize.parse("main 16")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void staysSmallWhereFramesAreSmall() {
        assertThat(StackSize.choose(List.of())).isEqualTo(64 << 10);
        assertThat(StackSize.choose(List.of(frame(16 << 10, false)))).isEqualTo(64 << 10);
    }

    @Test
    void growsWithTheLargestFrame() {
        assertThat(StackSize.choose(List.of(frame(8, false), frame((16 << 10) + 1, false))))
                .isEqualTo(256 << 10);
        assertThat(StackSize.choose(List.of(frame(192 << 10, false)))).isEqualTo(256 << 10);
        assertThat(StackSize.choose(List.of(frame((192 << 10) + 1, false)))).isEqualTo(1 << 20);
        assertThat(StackSize.choose(List.of(frame(20 << 20, false)))).isGreaterThan(StackSize.LIMIT_BYTES);
    }

    @Test
    void growsForFramesOfUnknownSize() {
        assertThat(StackSize.choose(List.of(frame(16, true)))).isEqualTo(256 << 10);
    }

    private static StackSize.Frame frame(long bytes, boolean dynamic) {
        return new StackSize.Frame("f", bytes, dynamic);
    }
}
