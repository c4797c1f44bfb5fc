package io.modelregistry.core.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.EnvironmentName;
import io.modelregistry.ModelName;
import io.modelregistry.VersionId;
import io.modelregistry.environment.Canary;
import io.modelregistry.environment.Conclusion;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.Promotion.Complete;
import io.modelregistry.environment.Promotion.Conclude;
import io.modelregistry.environment.Promotion.Ramp;
import io.modelregistry.environment.Promotion.Serve;
import io.modelregistry.environment.Promotion.Start;
import io.modelregistry.environment.Promotion.Step;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Share;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which versions a step is held against the rules for. */
final class PromotionCheckTest {
    private static final Place PLACE = new Place(EnvironmentName.of("production"), ModelName.of("tumor"));
    private static final Share HALF = Share.percent(50);

    private static final Rollout TRIED =
            new Start(Canary.of(2, HALF).then(Share.percent(75))).after(Rollout.of(1), Instant.EPOCH);

    @Test
    void everyVersionOfAWholeRolloutIsHeldAgainstTheRulesAgain() {
        assertThat(gaining(new Serve(TRIED), TRIED)).containsExactly(1L, 2L);
        assertThat(gaining(new Serve(Rollout.of(1)), null)).containsExactly(1L);
    }

    @Test
    void aCanaryIsHeldAgainstTheRulesAndTheStableVersionBesideItIsNot() {
        Rollout shadowed = Rollout.of(1).shadow("silent", 2);

        assertThat(gaining(new Start(Canary.of(2, HALF)), Rollout.of(1))).containsExactly(2L);
        assertThat(gaining(new Start(Canary.of(2, HALF)), shadowed)).containsExactly(2L);
    }

    @Test
    void aCanaryForAnAudienceAloneIsHeldAgainstTheRulesThoughItHasNoShare() {
        Canary someones = Canary.of(2, Share.NONE).audience("hospital", "st-mary");

        assertThat(gaining(new Start(someones), Rollout.of(1))).containsExactly(2L);
    }

    @Test
    void aLargerShareIsHeldAgainstTheRulesAndTheSameOrASmallerOneIsNot() {
        assertThat(gaining(new Ramp(null), TRIED)).containsExactly(2L);
        assertThat(gaining(new Ramp(new Share(5_001)), TRIED)).containsExactly(2L);
        assertThat(gaining(new Ramp(HALF), TRIED)).isEmpty();
        assertThat(gaining(new Ramp(new Share(4_999)), TRIED)).isEmpty();
    }

    @Test
    void whatIsCompletedOrKeptIsHeldAgainstTheRulesUnlessItIsTheStableVersion() {
        Rollout tested = TRIED.experiment(new Experiment("dose-7", "fewer readmissions", "readmission-30d"));
        Conclusion conclusion = Conclusion.of("dose-7");

        assertThat(gaining(new Complete(), TRIED)).containsExactly(2L);
        assertThat(gaining(new Conclude(conclusion.keep("canary")), tested)).containsExactly(2L);
        assertThat(gaining(new Conclude(conclusion.keep("main")), tested)).isEmpty();
        assertThat(gaining(new Conclude(conclusion), tested)).isEmpty();
    }

    private static List<Long> gaining(Step step, @Nullable Rollout before) {
        return PromotionCheck.gaining(PLACE, step, before, step.after(before, Instant.EPOCH)).stream()
                .map(VersionId::number)
                .toList();
    }
}
