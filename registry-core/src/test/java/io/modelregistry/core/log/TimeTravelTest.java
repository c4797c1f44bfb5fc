package io.modelregistry.core.log;

import static io.modelregistry.core.log.LogFixture.VERSIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.environment.ServedAt.Certainty;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Whether one entry stood at an instant, and how sure that is. */
final class TimeTravelTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final LogFixture fixture = new LogFixture();

    @Test
    void anEntryStandsFromTheInstantItWasStored() {
        fixture.host.advance(HOUR);
        Instant stored = fixture.host.now();
        fixture.write(VERSIONS, 2);

        assertThat(asOf(1, stored).tip().sequence()).isEqualTo(1);
        assertThat(asOf(1, stored.minusMillis(1)).tip().sequence()).isZero();
    }

    @Test
    void whenTheNewestEntryWasStoredIsProvisionalForAnHour() {
        Instant before = fixture.host.now();
        fixture.host.advance(Duration.ofMinutes(1));
        fixture.write(VERSIONS, 1);

        fixture.host.advance(Duration.ofMinutes(59));
        Past early = asOf(1, before);
        fixture.host.advance(Duration.ofMillis(1));
        Past late = asOf(1, before);

        assertThat(early.tip().sequence()).isZero();
        assertThat(early.certainty()).isEqualTo(Certainty.PROVISIONAL);
        assertThat(late.tip().sequence()).isZero();
        assertThat(late.certainty()).isEqualTo(Certainty.SETTLED);
    }

    @Test
    void whatTheNextEntryPinsHoldsAfterABackupIsRestored() {
        fixture.host.advance(HOUR);
        Instant stored = fixture.host.now();
        fixture.write(VERSIONS, 2);
        fixture.host.advance(HOUR);
        fixture.store.put(KeyLayout.entry(VERSIONS, 1), fixture.bytes(VERSIONS, 1), fixture.host.now());

        Past past = asOf(1, stored);

        assertThat(past.tip().sequence()).isEqualTo(1);
        assertThat(past.certainty()).isEqualTo(Certainty.PINNED);
    }

    @Test
    void theLastEntryThatAStreamCanHoldIsAskedForNoNext() {
        fixture.plant(VERSIONS, KeyLayout.MAX_SEQUENCE, KeyLayout.MAX_SEQUENCE);

        Past past = asOf(KeyLayout.MAX_SEQUENCE, fixture.host.now());

        assertThat(past.tip().sequence()).isEqualTo(KeyLayout.MAX_SEQUENCE);
        assertThat(past.certainty()).isEqualTo(Certainty.PROVISIONAL);
    }

    private Past asOf(long sequence, Instant instant) {
        return new TimeTravel(fixture.client()).asOf(VERSIONS, sequence, instant);
    }
}
