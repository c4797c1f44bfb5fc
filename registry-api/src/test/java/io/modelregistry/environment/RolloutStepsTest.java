package io.modelregistry.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.InvalidRequestException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be a rollout, and what steps make of it. */
final class RolloutStepsTest {
    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
    private static final Share FIVE = Share.percent(5);

    @ParameterizedTest
    @CsvSource({"0, 0", "5, 500", "0.25, 25", "0.01, 1", "33.33, 3333", "100, 10000"})
    void aShareIsGivenInPercent(double percent, int basisPoints) {
        assertThat(Share.percent(percent)).isEqualTo(new Share(basisPoints));
        assertThat(new Share(basisPoints).rest()).isEqualTo(new Share(10_000 - basisPoints));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 100.01, 0.001, Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNoShareIsRefused(double percent) {
        assertThatThrownBy(() -> Share.percent(percent))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("Not a share: " + percent + " %");
    }

    @Test
    void aScheduleIsAtAnInstantWhatItsLastStepMadeOfIt() {
        Rollout decided = Rollout.of(12)
                .with(Canary.of(13, FIVE)
                        .holdout(Share.percent(2))
                        .then(Share.percent(25), NOON)
                        .then(Share.percent(98), NOON.plusSeconds(60)));

        assertThat(decided.at(NOON.minusNanos(1))).isSameAs(decided);
        assertThat(decided.at(NOON).describe())
                .isEqualTo("12 (73 %) + 13 (25 %) + 12 (holdout 2 %), then 98 % at 2026-12-01T12:01:00Z");
        assertThat(decided.at(NOON.plusSeconds(60)).share(12)).isEqualTo(Share.percent(2));
        assertThat(decided.at(NOON.plusSeconds(60)).steps()).isEmpty();
        assertThat(decided.stepsDue(NOON.plusSeconds(61))).isEqualTo(2);
        assertThat(decided.hasArmsOf(decided.at(NOON))).isTrue();
        assertThat(decided.steps().get(0).scheduled()).contains(NOON);
    }

    @Test
    void eachPromotionIsAStepFromWhatIsServed() {
        Canary canary = Canary.of(13, FIVE).then(Share.percent(25)).salt("winter");
        Rollout tried = Promotion.of(canary, "").step().after(Rollout.of(12), NOON);

        assertThat(tried).isEqualTo(Rollout.of(12).with(canary));
        assertThat(tried.salt()).isEqualTo("winter");
        assertThat(Promotion.of(12, "").step().after(null, NOON)).isEqualTo(Rollout.of(12));
        assertThat(Promotion.ramp("").step().after(tried, NOON).share(13)).isEqualTo(Share.percent(25));
        assertThat(Promotion.ramp(Share.percent(7), "")
                        .step()
                        .after(tried, NOON)
                        .share(13))
                .isEqualTo(Share.percent(7));
        assertThat(Promotion.complete("").step().after(tried, NOON)).isEqualTo(Rollout.of(13));
        for (Promotion relative : List.of(
                Promotion.of(canary, ""),
                Promotion.ramp(""),
                Promotion.ramp(FIVE, ""),
                Promotion.complete(""),
                Promotion.of(Conclusion.of("dose-7"), ""))) {
            assertThatThrownBy(() -> relative.step().after(null, NOON))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("it serves nothing. Promote a version first");
        }
    }

    @Test
    void stepsRiseAndAreAllScheduledOrNoneIs() {
        Canary canary = Canary.of(13, FIVE);

        for (Canary wrong : List.of(
                canary.then(FIVE),
                canary.then(Share.percent(25)).then(Share.percent(20)),
                canary.then(Share.percent(25), NOON).then(Share.percent(30), NOON),
                canary.then(Share.percent(25), NOON).then(Share.percent(30)),
                canary.then(Share.percent(25)).then(Share.percent(30), NOON),
                canary.holdout(Share.percent(2)).then(Share.percent(99)))) {
            assertThatThrownBy(() -> Rollout.of(12).with(wrong))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("shares rise to");
        }
    }

    @Test
    void aStepTakenByHandLeavesThoseAboveItThatNothingWasScheduledFor() {
        Rollout tried = Rollout.of(12)
                .with(Canary.of(13, FIVE)
                        .then(Share.percent(25))
                        .then(Share.percent(50))
                        .then(Share.ALL));
        Rollout scheduled = Rollout.of(12)
                .with(Canary.of(13, FIVE).then(Share.percent(25), NOON).then(Share.ALL, NOON.plusSeconds(60)));

        assertThat(tried.ramp(NOON).describe()).isEqualTo("12 (75 %) + 13 (25 %), then 50 %, then 100 %");
        assertThat(tried.ramp(Share.percent(25))).isEqualTo(tried.ramp(NOON));
        assertThat(tried.ramp(Share.percent(30)).describe()).isEqualTo("12 (70 %) + 13 (30 %), then 50 %, then 100 %");
        assertThat(tried.ramp(Share.percent(1)).steps()).hasSize(3);
        assertThat(tried.ramp(Share.ALL).steps()).isEmpty();
        assertThat(scheduled.ramp(Share.percent(10)).describe()).isEqualTo("12 (90 %) + 13 (10 %)");
        assertThat(scheduled.ramp(NOON).describe()).isEqualTo("12 (0 %) + 13 (100 %)");
    }

    @Test
    void theCanaryIsGivenWhatItAndTheStableArmHaveAndNotMore() {
        Rollout held = Rollout.of(12).with(Canary.of(13, FIVE).holdout(Share.percent(2)));

        assertThat(held.ramp(Share.percent(98)).describe()).isEqualTo("12 (0 %) + 13 (98 %) + 12 (holdout 2 %)");
        assertThatThrownBy(() -> held.ramp(new Share(9_801)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("the canary can't get 98.01 %, because other arms keep 2 % (12 (93 %) + 13 (5 %) + 12"
                        + " (holdout 2 %))");
        assertThat(held.ramp(Share.NONE).complete()).isEqualTo(Rollout.of(13));
        assertThat(held.arm("holdout").orElseThrow().version()).isEqualTo(12);
        assertThat(held.arm("shadow")).isEmpty();
        assertThatThrownBy(() -> Rollout.of(12).complete()).hasMessageContaining("there is not one canary to complete");
        assertThatThrownBy(() -> Rollout.of(12).ramp(FIVE)).hasMessageContaining("there is not one canary to ramp");
        assertThatThrownBy(() -> Rollout.of(12).halt()).hasMessageStartingWith("nothing is under way");
    }

    @Test
    void onlyWeightsAudiencesAndStepsMayDifferBetweenRolloutsWithTheSameArms() {
        Rollout rollout = Rollout.of(Arm.of("a", 1, Share.percent(50)), Arm.of("b", 2, Share.percent(50)));
        Arm a = Arm.of("a", 1, Share.percent(90));
        Arm b = Arm.of("b", 2, Share.percent(10));

        assertThat(rollout.hasArmsOf(Rollout.of(a, b.audience("ward", "icu")))).isTrue();
        for (Rollout other : List.of(
                Rollout.of(a, b).salt("2"),
                Rollout.of(a, Arm.of("c", 2, Share.percent(10))),
                Rollout.of(a, Arm.of("b", 3, Share.percent(10))),
                Rollout.of(a, Arm.holdout("b", 2, Share.percent(10))),
                Rollout.of(a, b).shadow("c", 3),
                Rollout.of(Arm.of("a", 1, Share.ALL)))) {
            assertThat(rollout.hasArmsOf(other)).as(other.describe()).isFalse();
            assertThat(other.hasArmsOf(rollout)).as(other.describe()).isFalse();
        }
    }

    @Test
    void aRolloutNamesTheVersionsOfItsArmsAndTellsTheirAudiences() {
        Rollout rollout = Rollout.of(12)
                .with(Canary.of(13, Share.NONE)
                        .audience("hospital", "st-mary", "north")
                        .audience("ward", "icu"));

        assertThat(rollout.names(12)).isTrue();
        assertThat(rollout.names(13)).isTrue();
        assertThat(rollout.names(14)).isFalse();
        assertThat(rollout.share(14)).isEqualTo(Share.NONE);
        assertThat(rollout.describe()).isEqualTo("12 (100 %) + 13 (0 %, hospital st-mary/north, ward icu)");
    }

    @Test
    void twentyStepsAreKeptAndOneMoreIsRefused() {
        Canary twenty = Canary.of(13, Share.NONE);
        for (int percent = 1; percent <= 20; percent++) {
            twenty = twenty.then(Share.percent(percent));
        }
        Canary more = twenty.then(Share.percent(21));

        assertThat(Rollout.of(12).with(twenty).steps()).hasSize(20);
        assertThatThrownBy(() -> Rollout.of(12).with(more))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("at most 20; there are 1 arms beside the stable one, and 21 steps");
    }

    @Test
    void stepsBelongToOneCanary() {
        assertThatThrownBy(() -> new Rollout(Rollout.of(12).arms(), "", List.of(new RampStep(Share.ALL, null)), null))
                .hasMessageContaining("there are 0 arms beside the stable one");
        assertThatThrownBy(() -> new Rollout(
                        List.of(Arm.of("a", 1, Share.percent(90)), Arm.of("b", 2, FIVE), Arm.of("c", 3, FIVE)),
                        "",
                        List.of(new RampStep(Share.ALL, null)),
                        null))
                .hasMessageContaining("there are 2 arms beside the stable one");
    }

    @Test
    void theFirstArmAnswersAndThereIsOneHoldoutAtMost() {
        assertThatThrownBy(() -> Rollout.of(Arm.holdout("a", 1, Share.ALL)))
                .hasMessage("The first arm of a rollout is the stable one, which answers; \"a\" is HOLDOUT");
        assertThatThrownBy(() -> Rollout.of(
                        Arm.of("a", 1, Share.percent(90)), Arm.holdout("b", 1, FIVE), Arm.holdout("c", 1, FIVE)))
                .hasMessage("A rollout has one holdout at most");
        assertThatThrownBy(() -> new Arm("b", 1, FIVE, Map.of("ward", List.of("icu")), Arm.Mode.HOLDOUT))
                .hasMessageContaining("only a serving arm can have one");
    }

    @Test
    void anAudienceHasValuesAndNotTooMany() {
        assertThatThrownBy(() -> Arm.of("a", 1, FIVE).audience("ward"))
                .hasMessage("The audience of arm a names 0 values of ward; 1 to 200 are allowed");
        assertThatThrownBy(() -> Arm.of("a", 1, FIVE).audience("ward", "icu\n"))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(Arm.of("a", 1, FIVE)
                        .audience("ward", numbered(200))
                        .audience()
                        .get("ward"))
                .hasSize(200);
        assertThatThrownBy(() -> Arm.of("a", 1, FIVE).audience("ward", numbered(201)))
                .hasMessage("The audience of arm a names 201 values of ward; 1 to 200 are allowed");
    }

    @Test
    void anAudienceIsChosenByTenAttributesAtMost() {
        Arm arm = Arm.of("a", 1, FIVE);
        for (String attribute : numbered(10)) {
            arm = arm.audience(attribute, "icu");
        }
        Arm ten = arm;

        assertThat(ten.audience()).hasSize(10);
        assertThatThrownBy(() -> ten.audience("ward", "icu"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The audience of arm a names 11 attributes; at most 10 are allowed");
    }

    @Test
    void aCanaryIsAnotherVersionThanTheOneThatIsServedToEverybody() {
        Rollout tried = Rollout.of(12).with(Canary.of(13, FIVE));

        assertThatThrownBy(() -> Rollout.of(12).with(Canary.of(12, FIVE)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("version 12 is served to everybody already");
        assertThatThrownBy(() -> tried.with(Canary.of(14, FIVE)))
                .hasMessageStartingWith("a rollout is under way (12 (95 %) + 13 (5 %)).");
        assertThatThrownBy(() -> tried.ramp(NOON)).hasMessageStartingWith("no step is left");
    }

    @Test
    void haltingLeavesTheStableArmAndSoDoesAShadow() {
        Rollout shadowed = Rollout.of(12).shadow("quiet", 13);

        assertThat(shadowed.halt()).isEqualTo(Rollout.of(12));
        assertThat(shadowed.single()).hasValue(12);
        assertThat(shadowed.canary()).isEmpty();
        assertThat(shadowed.with(Canary.of(14, FIVE)).names(13)).isTrue();
        assertThat(shadowed.with(Canary.of(13, FIVE)).arms()).hasSize(2);
    }

    @Test
    void aRoutingKeyIsNeitherEmptyNorEndless() {
        assertThatThrownBy(() -> Routing.of("")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Routing.of("k".repeat(1_025))).isInstanceOf(InvalidRequestException.class);
        assertThat(Routing.of("k".repeat(1_024)).with("ward", "icu").attributes())
                .containsEntry("ward", "icu");
    }

    private static String[] numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "n" + i).toArray(String[]::new);
    }
}
