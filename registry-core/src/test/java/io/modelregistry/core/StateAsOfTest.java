package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.Version;
import io.modelregistry.environment.ServedAt.Certainty;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.lifecycle.StateAt;
import io.modelregistry.testkit.ManualHost;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a version stood at an instant. */
class StateAsOfTest {
    private static final Duration STEP = Duration.ofMinutes(1);

    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ada;
    private Version first;

    @BeforeEach
    void registerAfterAWhile() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        rig.host.advance(STEP);
        ada.model("tumor").register(model("one"));
        first = ada.version("tumor@1");
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void eachStateHeldFromItsOwnChangeToTheNext() {
        Map<Instant, LifecycleState> truth = new LinkedHashMap<>();
        truth.put(rig.host.now(), LifecycleState.CANDIDATE);
        Version version = first;
        for (LifecycleState state : new LifecycleState[] {
            act(() -> version.submit("please")),
            act(() -> version.reject("overfitted")),
            act(() -> version.submit("again")),
            act(() -> version.approve("fine")),
            act(() -> version.deprecate("drift")),
            act(() -> version.reinstate("false alarm")),
            act(() -> version.retire("superseded"))
        }) {
            truth.put(ManualHost.START.plus(STEP.multipliedBy(truth.size() + 1L)), state);
        }
        rig.host.advance(STEP);
        Version auditors = rig.client("auditor").version("tumor@1");

        assertThat(truth).hasSize(8);
        truth.forEach((at, state) -> {
            assertThat(auditors.stateAsOf(at).state()).as("at %s", at).contains(state);
            assertThat(auditors.stateAsOf(at.plus(STEP).minusMillis(1)).state())
                    .as("until %s", at.plus(STEP))
                    .contains(state);
        });
    }

    @Test
    void beforeItsRegistrationItStoodNowhere() {
        ada.model("tumor").register(model("two"));

        StateAt before = first.stateAsOf(ManualHost.START);

        assertThat(before.state()).isEmpty();
        assertThat(before.certainty()).isEqualTo(Certainty.PINNED);
        assertThat(ada.version("tumor@2").stateAsOf(ManualHost.START).state()).isEmpty();
    }

    @Test
    void anAnswerIsAsSureAsTheLeastSureOfWhatItRestsOn() {
        Instant candidate = rig.host.now();
        act(() -> first.submit("please"));
        act(() -> first.approve("fine"));
        Instant approved = rig.host.now();

        assertThat(first.stateAsOf(candidate).certainty()).isEqualTo(Certainty.PROVISIONAL);

        act(() -> first.deprecate("drift"));
        assertThat(first.stateAsOf(candidate).certainty()).isEqualTo(Certainty.PROVISIONAL);
        act(() -> ada.model("tumor").register(model("two")));
        assertThat(first.stateAsOf(ManualHost.START).certainty()).isEqualTo(Certainty.PINNED);
        assertThat(first.stateAsOf(approved).certainty()).isEqualTo(Certainty.PROVISIONAL);

        rig.host.advance(Duration.ofHours(2));
        assertThat(first.stateAsOf(approved).certainty()).isEqualTo(Certainty.SETTLED);
        assertThat(first.stateAsOf(approved).state()).contains(LifecycleState.APPROVED);
    }

    @Test
    void whatIsCertainNeverChanges() {
        Map<Instant, StateAt> certain = new LinkedHashMap<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 60; i++) {
            rig.host.advance(Duration.ofMinutes(random.nextInt(40)));
            move(random);
            Instant then = ManualHost.START.plusSeconds(random.nextLong(
                    Duration.between(ManualHost.START, rig.host.now()).toSeconds()));
            StateAt answer = rig.client("auditor").version("tumor@1").stateAsOf(then);
            if (answer.certainty() != Certainty.PROVISIONAL) {
                certain.put(then, answer);
            }
        }

        assertThat(certain).hasSizeGreaterThan(20);
        certain.forEach((then, answer) -> assertThat(first.stateAsOf(then).state())
                .as("at %s, which was %s", then, answer.certainty())
                .isEqualTo(answer.state()));
    }

    @Test
    void theStateAtATimeIsFoundByHalving() {
        first.submit("please");
        first.approve("fine");
        for (int i = 0; i < 16; i++) {
            rig.host.advance(STEP);
            first.deprecate("drift");
            rig.host.advance(STEP);
            first.reinstate("false alarm");
        }
        Rig.Counted auditor = rig.counted("auditor");
        Version version = auditor.registry().version("tumor@1");
        version.state();

        for (int minute = 0; minute < 34; minute++) {
            auditor.backend().reset();
            version.stateAsOf(ManualHost.START.plus(STEP.multipliedBy(minute)));

            // the registration and what follows it, the tips, at most log2 of 33 rounded up, and the answers
            assertThat(auditor.backend().counts().values().stream()
                            .mapToInt(n -> n)
                            .sum())
                    .isLessThanOrEqualTo(2 + 2 + 6 + 2);
        }
    }

    @Test
    void aVersionThatIsNotThereHasNoPast() {
        assertThatThrownBy(() -> ada.version("tumor@7").stateAsOf(ManualHost.START))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("No version tumor@7: the latest version of tumor is 1");
    }

    private void move(SplittableRandom random) {
        switch (first.state()) {
            case CANDIDATE, REJECTED -> first.submit("please");
            case IN_REVIEW -> {
                if (random.nextBoolean()) {
                    first.reject("no");
                } else {
                    first.approve("yes");
                }
            }
            case APPROVED -> first.deprecate("drift");
            case DEPRECATED -> first.reinstate("false alarm");
            default -> throw new AssertionError(first.state());
        }
    }

    private <T> T act(java.util.function.Supplier<T> change) {
        rig.host.advance(STEP);
        return change.get();
    }
}
