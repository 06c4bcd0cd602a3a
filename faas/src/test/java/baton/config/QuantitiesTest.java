package baton.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "4095, 4095, 4095",
        "64Ki, 65536, 64Ki",
        "64KiB, 65536, 64Ki",
        "64M, 67108864, 64Mi",
        "1G, 1073741824, 1Gi"
    })
    void readsAndShowsSizes(String text, long bytes, String shown) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
        assertThat(ByteSize.format(bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mi", "-1", "1.5Gi", "1T", "64 Mo", "999999999999999G"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "100ms, PT0.1S, 100ms",
        "0ms, PT0S, 0ms",
        "5s, PT5S, 5s",
        "90s, PT1M30S, 90s",
        "60s, PT1M, 1m",
        "1h, PT1H, 1h"
    })
    void readsAndShowsDurations(String text, Duration duration, String shown) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
        assertThat(Durations.format(duration)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "1.5s", "5 days"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
