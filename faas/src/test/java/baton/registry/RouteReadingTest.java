package baton.registry;

import static org.assertj.core.api.Assertions.assertThat;

import baton.function.FunctionName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteReadingTest {
    private static final FunctionName HELLO = new FunctionName("hello");
    private static final FunctionName OTHER = new FunctionName("other");
    private static final Set<String> LIVE = Set.of("hello", "other");

    @Test
    void readsAValidRow() {
        RouteReading reading = read("GET:/a", "{\"function\":\"hello\"}", Map.of());

        assertThat(reading.routes()).containsOnly(Map.entry("GET:/a", HELLO));
        assertThat(reading.invalidRows()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "{",
                "[]",
                "null",
                "{}",
                "{\"function\":7}",
                "{\"function\":null}",
                "{\"function\":\"No Such Name\"}",
                "{\"function\":\"missing\"}",
                "{\"function\":\"other\",\"functoin\":\"x\"}"
            })
    void keepsWhatWasInForceWhenTheValueIsNotValid(String value) {
        RouteReading reading = read("GET:/a", value, Map.of("GET:/a", HELLO));

        assertThat(reading.routes()).containsOnly(Map.entry("GET:/a", HELLO));
        assertThat(reading.invalidRows()).isEqualTo(1);
        assertThat(reading.entries().getFirst().problem()).isNotEmpty();
    }

    @Test
    void dropsAnInvalidRowThatNeverWasValid() {
        assertThat(read("GET:/a", "{", Map.of()).routes()).isEmpty();
    }

    @Test
    void dropsAnInvalidRowWhoseLastFunctionHasGone() {
        RouteReading reading = read("GET:/a", "{", Map.of("GET:/a", new FunctionName("removed")));

        assertThat(reading.routes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET", "GET /a", "GET:a", ":/a", "GET:/function/x", "POST:/deploy", "GET:/a b"})
    void refusesAKeyThatIsNoRoute(String key) {
        RouteReading reading = read(key, "{\"function\":\"hello\"}", Map.of());

        assertThat(reading.routes()).isEmpty();
        assertThat(reading.invalidRows()).isEqualTo(1);
    }

    @Test
    void judgesEachRowByItself() {
        List<RouteRow> rows =
                List.of(new RouteRow("GET:/a", "{", 0), new RouteRow("GET:/b", "{\"function\":\"other\"}", 0));

        RouteReading reading = RouteReading.of(rows, LIVE, Map.of("GET:/b", HELLO));

        assertThat(reading.routes()).containsOnly(Map.entry("GET:/b", OTHER));
    }

    private static RouteReading read(String key, String value, Map<String, FunctionName> lastGood) {
        return RouteReading.of(List.of(new RouteRow(key, value, 0)), LIVE, lastGood);
    }
}
