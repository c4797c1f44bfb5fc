package io.modelregistry.core.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.modelregistry.version.Progress;
import io.modelregistry.version.Progress.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {
    private final List<Progress.Event> events = new ArrayList<>();

    @Test
    void aPhaseIsToldInAboutAHundredStepsThatNeverGoBack() {
        ProgressMeter meter = new ProgressMeter(events::add, Phase.UPLOAD, 1_000_000);

        for (int i = 0; i < 100_000; i++) {
            meter.add("weights.bin", 10);
        }
        meter.finish();

        assertThat(events).hasSizeBetween(90, 102);
        assertThat(events).isSortedAccordingTo((a, b) -> Long.compare(a.doneBytes(), b.doneBytes()));
        assertThat(events).first().isEqualTo(new Progress.Event(Phase.UPLOAD, "weights.bin", 10_000, 1_000_000));
        assertThat(events).last().isEqualTo(new Progress.Event(Phase.UPLOAD, null, 1_000_000, 1_000_000));
    }

    @Test
    void aPhaseWithoutBytesIsToldWhenItIsOver() {
        ProgressMeter meter = new ProgressMeter(events::add, Phase.DOWNLOAD, 0);

        meter.add("empty", 0);
        meter.finish();

        assertThat(events).containsExactly(new Progress.Event(Phase.DOWNLOAD, null, 0, 0));
    }

    @Test
    void oneThreadAtATimeTellsTheListener() {
        AtomicBoolean inside = new AtomicBoolean();
        AtomicBoolean together = new AtomicBoolean();
        ProgressMeter meter = new ProgressMeter(
                event -> {
                    if (!inside.compareAndSet(false, true)) {
                        together.set(true);
                    }
                    inside.set(false);
                },
                Phase.HASH,
                1_000);

        IntStream.range(0, 100_000).parallel().forEach(i -> meter.add("part-" + i, 1));
        meter.finish();

        assertThat(together).isFalse();
    }

    @Test
    void aListenerThatThrowsIsLoggedOnceAndChangesNothing() {
        ProgressMeter meter = new ProgressMeter(
                event -> {
                    throw new IllegalStateException("the window is closed");
                },
                Phase.HASH,
                100);

        try (CapturedLog log = new CapturedLog()) {
            assertThatCode(() -> {
                        meter.add("weights.bin", 50);
                        meter.add("weights.bin", 50);
                        meter.finish();
                    })
                    .doesNotThrowAnyException();

            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("A progress listener failed; the transfer goes on, and further failures aren't logged");
        }
    }
}
