package io.modelregistry.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.RequestId;
import io.modelregistry.Revision;
import io.modelregistry.environment.Arm.Mode;
import io.modelregistry.environment.ServedAt.Certainty;
import io.modelregistry.environment.ServingStatus.Freshness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RolloutTest {
    @Test
    void oneVersionIsServedToEverybody() {
        Rollout rollout = Rollout.of(12);

        assertThat(rollout.arms()).containsExactly(serving("main", 12, 10_000));
        assertThat(rollout.single()).hasValue(12);
        assertThat(rollout.describe()).isEqualTo("12");
    }

    @Test
    void severalArmsAreDescribedWithTheirShares() {
        Rollout rollout = new Rollout(
                List.of(serving("a", 12, 9_450), serving("b", 13, 550), Arm.shadow("c", 14)), "s", List.of(), null);

        assertThat(rollout.single()).isEmpty();
        assertThat(rollout.describe()).isEqualTo("12 (94.5 %) + 13 (5.5 %) + 14 (shadow)");
        assertThat(new Rollout(List.of(serving("a", 1, 10_000), serving("b", 2, 0)), "", List.of(), null).describe())
                .isEqualTo("1 (100 %) + 2 (0 %)");
    }

    @ParameterizedTest
    @CsvSource({"5000, 4999, 9999", "5000, 5001, 10001", "0, 0, 0", "10000, 10000, 20000"})
    void theWeightsAddUpToEverybody(int one, int other, int sum) {
        List<Arm> arms = List.of(serving("a", 1, one), serving("b", 2, other));

        assertThatThrownBy(() -> new Rollout(arms, "", List.of(), null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The weights of a rollout add up to 10,000 basis points, not " + sum);
    }

    @Test
    void anArmIsNamedOnce() {
        List<Arm> arms = List.of(serving("a", 1, 5_000), serving("a", 2, 5_000));

        assertThatThrownBy(() -> new Rollout(arms, "", List.of(), null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The rollout names the arm \"a\" twice");
    }

    @Test
    void thereIsAnArmAndThereAreNotTooMany() {
        List<Arm> most = IntStream.rangeClosed(1, 20)
                .mapToObj(i -> serving("a" + i, i, 500))
                .toList();
        List<Arm> many = IntStream.rangeClosed(0, 20)
                .mapToObj(i -> serving("a" + i, 1, 0))
                .toList();

        assertThat(new Rollout(most, "", List.of(), null).arms()).hasSize(20);
        assertThatThrownBy(() -> new Rollout(List.of(), "", List.of(), null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("A rollout has 1 to 20 arms, not 0");
        assertThatThrownBy(() -> new Rollout(many, "", List.of(), null))
                .hasMessage("A rollout has 1 to 20 arms, not 21");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10_001, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aWeightIsAShareInBasisPoints(int weight) {
        assertThatThrownBy(() -> serving("a", 1, weight))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not a share: " + weight + " basis points; it is from 0 to 10,000, which is 100 %");
    }

    @Test
    void aShadowHasNoShare() {
        assertThatThrownBy(() -> new Arm("a", 1, new Share(1), Map.of(), Mode.SHADOW))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Arm a has the weight 0.01 %; a shadow arm answers nobody, so it has none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a_b", "-a", "a\n", "a b"})
    void anArmsIdIsAShortLowerCaseWord(String id) {
        assertThatThrownBy(() -> serving(id, 1, 10_000))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("Not an arm's id: \"")
                .hasMessageEndingWith("\": it has up to 40 of a-z, 0-9 and '-'")
                .hasMessageNotContaining("\n");
    }

    @Test
    void anArmNamesAVersion() {
        assertThatThrownBy(() -> Rollout.of(0))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Arm main names version 0; versions are numbered from 1");
    }

    @Test
    void itNeverChanges() {
        List<String> hospitals = new ArrayList<>(List.of("st-mary"));
        Map<String, List<String>> audience = new HashMap<>(Map.of("hospital", hospitals));
        List<Arm> arms = new ArrayList<>(List.of(new Arm("a", 1, Share.ALL, audience, Mode.SERVING)));
        Rollout rollout = new Rollout(arms, "", List.of(), null);

        hospitals.add("general");
        audience.clear();
        arms.clear();

        assertThat(rollout.arms()).hasSize(1).isUnmodifiable();
        assertThat(rollout.arms().get(0).audience()).containsExactly(Map.entry("hospital", List.of("st-mary")));
        assertThat(rollout.arms().get(0).audience()).isUnmodifiable();
        assertThat(rollout.arms().get(0).audience().get("hospital")).isUnmodifiable();
    }

    @Test
    void aPromotionKeepsWhatItIsGiven() {
        Revision revision = new Revision("environments/production/fraud-detector", 7);

        Promotion promotion = Promotion.of(12, "better").expecting(revision).request("job-1");

        assertThat(promotion)
                .isEqualTo(
                        new Promotion(new Promotion.Serve(Rollout.of(12)), "better", revision, RequestId.of("job-1")));
        assertThat(promotion.request()).contains(RequestId.of("job-1"));
        assertThat(Promotion.of(12, "").request()).isEmpty();
        assertThatThrownBy(() -> Promotion.of(12, "x".repeat(201)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The reason has 201 characters; at most 200 are kept");
    }

    @Test
    void anAnswerHoldsWhatIsServedOrNothing() {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        Rollout rollout = Rollout.of(12);
        Deployment promoted = deployment(rollout, at);
        Deployment withdrawn = deployment(null, at);

        assertThat(promoted.rollout()).contains(rollout);
        assertThat(withdrawn.rollout()).isEmpty();
        assertThat(new ServedAt(at, promoted, Certainty.PINNED).deployment()).contains(promoted);
        assertThat(new ServedAt(at, promoted, Certainty.PINNED).rollout()).contains(rollout);
        assertThat(new ServedAt(at, withdrawn, Certainty.PINNED).rollout()).isEmpty();
        assertThat(new ServedAt(at, null, Certainty.SETTLED).deployment()).isEmpty();
        assertThat(new ServedAt(at, null, Certainty.SETTLED).rollout()).isEmpty();
    }

    @Test
    void aStatusSaysTheSameUntilMoreThanTimeHasPassed() {
        Deployment seventh = deployment(Rollout.of(12), Instant.EPOCH);
        ServingStatus earlier = status("tumor", "production", seventh, Freshness.CONFIRMED, Duration.ZERO);

        assertThat(status("tumor", "production", seventh, Freshness.CONFIRMED, Duration.ofDays(1))
                        .saysTheSameAs(earlier))
                .isTrue();
        for (ServingStatus other : List.of(
                status("other", "production", seventh, Freshness.CONFIRMED, Duration.ZERO),
                status("tumor", "staging", seventh, Freshness.CONFIRMED, Duration.ZERO),
                status("tumor", "production", null, Freshness.CONFIRMED, Duration.ZERO),
                status("tumor", "production", seventh, Freshness.UNCONFIRMED, Duration.ZERO))) {
            assertThat(other.saysTheSameAs(earlier)).as(other.toString()).isFalse();
        }
        assertThat(earlier.saysTheSameAs(null)).isFalse();
        assertThat(earlier.deployment()).contains(seventh);
        assertThat(earlier.sinceConfirmed()).contains(Duration.ZERO);
    }

    private static ServingStatus status(
            String model, String environment, @Nullable Deployment newest, Freshness freshness, Duration age) {
        return new ServingStatus(ModelName.of(model), EnvironmentName.of(environment), newest, age, freshness, null);
    }

    private static Deployment deployment(@Nullable Rollout served, Instant at) {
        Revision revision = new Revision("environments/production/fraud-detector", 7);
        return new Deployment(
                revision,
                served,
                Deployment.Change.PROMOTE,
                Actor.of("ada"),
                "better",
                at,
                Digest.of(new byte[] {1}),
                null);
    }

    private static Arm serving(String id, long version, int weight) {
        return Arm.of(id, version, new Share(weight));
    }
}
