package io.modelregistry.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Actor;
import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be a policy, and whom it lets do what. */
final class PolicyTest {
    private static final VersionId TWELVE = VersionId.of("tumor", 12);

    @Test
    void aRoleThatIsNotNamedIsAnybodysAndOneThatIncludesItIsEnough() {
        Role releaser = Role.releaser("production");
        Policy policy = Policy.none().role(releaser, "cleo").role(Role.RELEASER, "zoe");

        assertThat(policy.allows(Actor.of("cleo"), releaser)).isTrue();
        assertThat(policy.allows(Actor.of("zoe"), releaser)).isTrue();
        assertThat(policy.allows(Actor.of("ada"), releaser)).isFalse();
        assertThat(policy.allows(Actor.of("cleo"), Role.releaser("staging"))).isFalse();
        assertThat(policy.allows(Actor.of("ada"), Role.REVIEWER)).isTrue();
    }

    @Test
    void aRoleIsGivenToSomebodyAndNotOneThatTheStoreDecides() {
        assertThatThrownBy(() -> Policy.none().role(Role.REVIEWER))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The policy gives the role reviewer to nobody");
        for (Role role : List.of(Role.READER, Role.COLLECTOR)) {
            assertThatThrownBy(() -> Policy.none().role(role, "ada"))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("A policy doesn't say who is a " + role);
        }
    }

    @Test
    void anEnvironmentThatIsNotNamedHasNoRules() {
        EnvironmentRules rules = EnvironmentRules.none().formats("onnx");
        Policy policy = Policy.none().environment("production", rules);

        assertThat(policy.rulesOf(EnvironmentName.of("production"))).isEqualTo(rules);
        assertThat(policy.rulesOf(EnvironmentName.of("staging"))).isEqualTo(EnvironmentRules.none());
    }

    @Test
    void itNeverChanges() {
        Map<EnvironmentName, EnvironmentRules> environments = new HashMap<>();
        List<Waiver> waivers = new ArrayList<>();
        Map<Role, Set<Actor>> roles = new HashMap<>();
        Policy policy = new Policy(roles, ReviewRules.none(), environments, waivers);

        environments.put(EnvironmentName.of("production"), EnvironmentRules.none());
        waivers.add(Waiver.of(TWELVE, "production", Rule.FORMAT, "until the exporter works"));
        roles.put(Role.REVIEWER, Set.of(Actor.of("ada")));

        assertThat(policy).isEqualTo(Policy.none());
        assertThat(policy.roles()).isUnmodifiable();
        assertThat(policy.environments()).isUnmodifiable();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 21})
    void oneToTwentyPeopleApprove(int approvals) {
        assertThat(ReviewRules.none().approvals(1).approvals()).isEqualTo(1);
        assertThat(ReviewRules.none().approvals(20).approvals()).isEqualTo(20);
        assertThatThrownBy(() -> ReviewRules.none().approvals(approvals))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("A policy asks for 1 to 20 approvals, not " + approvals);
    }

    @Test
    void anIdentityWasProvedWithinAYear() {
        Duration year = Duration.ofDays(365);

        assertThat(ReviewRules.none().authenticatedWithin(year).authenticatedWithin())
                .isEqualTo(year);
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofNanos(-1), year.plusNanos(1))) {
            assertThatThrownBy(() -> ReviewRules.none().authenticatedWithin(wrong))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("An authentication may be up to 365 days old, not " + wrong);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY})
    void aBoundIsAFiniteNumber(double bound) {
        assertThatThrownBy(() -> MetricRule.atLeast("auc", bound))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The bound of metric auc is a finite number, not " + bound);
        assertThatThrownBy(() -> MetricRule.atMost("auc", bound)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> MetricRule.noWorseThan("auc", "production").tolerating(bound))
                .hasMessage("A tolerance is a finite number from 0, not " + bound);
    }

    @Test
    void aToleranceIsNotNegativeAndBelongsToAComparison() {
        MetricRule relative = MetricRule.noWorseThan("auc", "production");

        assertThat(relative.tolerating(0)).isEqualTo(relative);
        assertThatThrownBy(() -> relative.tolerating(-0.01)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> MetricRule.atLeast("auc", 0.9).tolerating(0.01))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Only a rule that compares with an environment tolerates a difference");
    }

    @Test
    void aRuleNamesWhatThereCanBe() {
        EnvironmentRules none = EnvironmentRules.none();

        assertThat(none.servedIn("staging", Duration.ZERO).servedIn()).hasSize(1);
        assertThatThrownBy(() -> none.servedIn("staging", Duration.ofNanos(-1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("A version can't serve in staging for PT-0.000000001S");
        assertThat(none.attestation("a".repeat(100)).attestations()).hasSize(1);
        for (String wrong : List.of(" ", "a\n", "a".repeat(101))) {
            assertThatThrownBy(() -> none.evaluatedOn(wrong)).isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> none.attestation(wrong)).isInstanceOf(InvalidRequestException.class);
        }
        assertThatThrownBy(() -> none.formats("ONNX!")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> MetricRule.atLeast(" ", 0.9)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void whatIsAskedForTwiceIsAskedForOnce() {
        EnvironmentRules once = EnvironmentRules.none()
                .servedIn("staging", Duration.ofDays(7))
                .metric(MetricRule.atLeast("auc", 0.9))
                .evaluatedOn("held-out")
                .attestation("clinical");

        assertThat(once.servedIn("staging", Duration.ofDays(7))
                        .metric(MetricRule.atLeast("auc", 0.9))
                        .evaluatedOn("held-out")
                        .attestation("clinical"))
                .isEqualTo(once);
    }

    @ParameterizedTest
    @EnumSource(
            value = Rule.class,
            names = {
                "ROLE",
                "LIFECYCLE",
                "SELF_APPROVAL",
                "REPEATED_APPROVAL",
                "AUTHENTICATION",
                "PRINTED_NAME",
                "MANIFEST"
            })
    void onlyTheRulesOfAnEnvironmentAreWaived(Rule rule) {
        assertThatThrownBy(() -> Waiver.of(TWELVE, "production", rule, "urgent"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The rule " + rule.code() + " can't be waived");
    }

    @Test
    void aVersionsRuleIsWaivedOnce() {
        Waiver waiver = Waiver.of(VersionId.of("tumor", 1), "production", Rule.FORMAT, "demonstration");
        Policy once = Policy.none().waive(waiver);

        assertThat(once.waivers()).containsExactly(waiver);
        assertThatThrownBy(() -> once.waive(waiver))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The policy waives format twice for tumor@1 in production");
    }

    @Test
    void aWaiverHoldsBeforeItsEndAndWithoutOneForGood() {
        Instant end = Instant.parse("2027-01-31T00:00:00Z");
        Waiver forGood = Waiver.of(TWELVE, "production", Rule.FORMAT, "until the exporter works");

        assertThatThrownBy(() -> Waiver.of(TWELVE, "production", Rule.SERVED_IN, " "))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("A waiver of served-in for tumor@12 in production needs a reason");
        assertThat(forGood.holdsAt(Instant.MAX)).isTrue();
        assertThat(forGood.until(end).holdsAt(end.minusNanos(1))).isTrue();
        assertThat(forGood.until(end).holdsAt(end)).isFalse();
        assertThatThrownBy(() -> Waiver.of(TWELVE, "production", Rule.FORMAT, "x".repeat(201)))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aPreviewSaysWhatStandsInTheWayAndWhetherAnythingDoes() {
        UnmetRule unmet = new UnmetRule(Rule.CARD, "the card says nothing", "Write one.");
        Preview nothing = new Preview(List.of(), null);
        Preview rules = new Preview(List.of(), new RulesUnmetException("Cannot promote", List.of(unmet)));
        Preview other = new Preview(List.of(), new InvalidRequestException("it serves nothing"));

        assertThat(nothing).hasToString("Nothing would change");
        assertThat(nothing.isPossible()).isTrue();
        assertThat(nothing.unmet()).isEmpty();
        assertThat(rules).hasToString("Refused:\ncard: the card says nothing. Write one.");
        assertThat(rules.isPossible()).isFalse();
        assertThat(rules.unmet()).containsExactly(unmet);
        assertThat(other).hasToString("Refused:\nit serves nothing");
        assertThat(other.refusal().orElseThrow()).hasMessage("it serves nothing");
    }
}
