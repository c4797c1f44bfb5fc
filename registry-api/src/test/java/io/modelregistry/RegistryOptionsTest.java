package io.modelregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RegistryOptionsTest {
    private static final RegistryOptions DEFAULTS = RegistryOptions.defaults();

    @Test
    void theDefaultsAreThoseOfTheDocumentation() {
        assertThat(DEFAULTS)
                .isEqualTo(new RegistryOptions(
                        Duration.ofSeconds(60), Duration.ofSeconds(30), null, null, 10L << 30, TextValidator.none()));
        assertThat(DEFAULTS.stalenessLimit()).isEmpty();
    }

    private static final TextValidator PERSONAL = PersonalData.likely();

    @Test
    void eachSettingIsChangedAlone() {
        RegistryOptions options = DEFAULTS.withOperationTimeout(Duration.ofSeconds(1))
                .withPollInterval(Duration.ZERO)
                .withMaxStaleness(Duration.ofMinutes(5))
                .withCacheFolder(Path.of("cache"))
                .withCacheBytes(0)
                .withTextValidator(PERSONAL);

        assertThat(options)
                .isEqualTo(new RegistryOptions(
                        Duration.ofSeconds(1), Duration.ZERO, Duration.ofMinutes(5), Path.of("cache"), 0, PERSONAL));
        assertThat(options.stalenessLimit()).contains(Duration.ofMinutes(5));
        assertThat(DEFAULTS).isEqualTo(RegistryOptions.defaults());
    }

    @Test
    void valuesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> DEFAULTS.withOperationTimeout(Duration.ZERO))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("operationTimeout is PT0S; it must be longer than nothing");
        assertThatThrownBy(() -> DEFAULTS.withOperationTimeout(Duration.ofMillis(-1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("operationTimeout is PT-0.001S; it must be longer than nothing");
        assertThatThrownBy(
                        () -> DEFAULTS.withOperationTimeout(Duration.ofDays(1).plusNanos(1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("operationTimeout is PT24H0.000000001S; at most a day is allowed");
        assertThatThrownBy(() -> DEFAULTS.withPollInterval(Duration.ofSeconds(-1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("pollInterval is PT-1S; it can't be negative");
        assertThatThrownBy(() -> DEFAULTS.withMaxStaleness(Duration.ZERO))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("maxStaleness is PT0S; it must be longer than nothing");
        assertThatThrownBy(() -> DEFAULTS.withCacheBytes(-1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("cacheBytes is -1; it can't be negative");
    }
}
