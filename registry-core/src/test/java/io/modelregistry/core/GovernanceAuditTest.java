package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.ModelRegistry;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.access.Role;
import io.modelregistry.audit.Finding;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.MetricRule;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.ReviewRules;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Years later somebody judges every decision again, by the policy that it cites and by what it says it rests on. */
class GovernanceAuditTest {
    private static final String POLICY = "policy/0000000001.json";
    private static final String REVIEW = "reviews/tumor/0000000001/0000000001.json";
    private static final String PROMOTION = "environments/production/tumor/0000000001.json";

    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ada;

    @BeforeEach
    void decideByAPolicy() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        ada.model("tumor").register(model("one").metric(Metric.higherIsBetter("auc", 0.9)));
        ada.policy()
                .set(
                        Policy.none()
                                .role(Role.REVIEWER, "ben", "zoe")
                                .role(Role.releaser("production"), "cleo", "zoe")
                                .reviews(ReviewRules.none().approvals(1))
                                .environment(
                                        "production",
                                        EnvironmentRules.none()
                                                .states(LifecycleState.APPROVED, LifecycleState.DEPRECATED)
                                                .metric(MetricRule.atLeast("auc", 0.5))),
                        "clinical use");
        ada.version("tumor@1").submit("please");
        rig.client("ben").version("tumor@1").approve("sound");
        rig.client("cleo").model("tumor").environment("production").promote(1, "go");
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void whatWasRightIsRight() {
        assertThat(ada.verify().findings()).isEmpty();
    }

    @Test
    void anApprovalBySomebodyWhoWasNoReviewerIsFound() {
        edit(POLICY, "\"reviewer\":[\"ben\",", "\"reviewer\":[");

        assertThat(findings())
                .containsExactly(
                        REVIEW + ": by policy#1 it should not have been made:" + " ben is no reviewer by policy#1");
    }

    @Test
    void anApprovalThatWasNotEnoughIsFound() {
        edit(POLICY, "\"approvals\":1", "\"approvals\":2");

        assertThat(findings())
                .containsExactly(REVIEW + ": it can't be held against the policy:"
                        + " with 1 approvals the policy makes it IN_REVIEW, and it says APPROVED");
    }

    @Test
    void aPolicyOfAnotherKindLetsNothingThrough() {
        edit(POLICY, "\"state\":{\"policy\":", "\"state\":{\"statutes\":");

        assertThatThrownBy(() -> rig.client("cleo")
                        .model("tumor")
                        .environment("production")
                        .promote(1, "again"))
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessageContaining("This registry has a policy which this release can't check. Upgrade the library");
    }

    @Test
    void anApprovalThatItsOwnStateDoesNotCarryIsFound() {
        String line = new String(SelfVerifying.open(rig.store.bytes(REVIEW).orElseThrow()), StandardCharsets.UTF_8);
        int begin = line.indexOf(",\"approvals\":[");
        edit(REVIEW, line.substring(begin, line.indexOf(']', begin) + 1), "");

        assertThat(findings()).anyMatch(finding -> finding.contains("it approves and carries no approval"));
    }

    @Test
    void aPromotionBySomebodyWhoWasNoReleaserIsFound() {
        edit(POLICY, "\"releaser:production\":[\"cleo\",", "\"releaser:production\":[");

        assertThat(findings())
                .containsExactly(PROMOTION + ": by policy#1 it should not have been made:"
                        + " cleo is no releaser:production by policy#1");
    }

    @Test
    void aPromotionOfWhatWasNotGoodEnoughIsFound() {
        edit(POLICY, "\"atLeast\":0.5", "\"atLeast\":0.95");

        assertThat(findings())
                .containsExactly(PROMOTION + ": by policy#1 it should not have been made:"
                        + " auc of tumor@1 is 0.9, below 0.95");
    }

    @Test
    void aPromotionOfAVersionInTheWrongStateIsFound() {
        edit(POLICY, "\"states\":[\"approved\",\"deprecated\"]", "\"states\":[\"deprecated\"]");

        assertThat(findings())
                .containsExactly(PROMOTION + ": by policy#1 it should not have been made:"
                        + " tumor@1 is APPROVED, but production serves only what is [DEPRECATED]");
    }

    @Test
    void aDecisionByAPolicyThatNoLongerStoodIsFound() {
        rig.host.advance(Duration.ofHours(1));
        ada.policy().set(Policy.none(), "anybody may do anything");
        rig.host.advance(Duration.ofDays(2));
        ada.model("tumor").environment("production").promote(1, "again");
        edit("environments/production/tumor/0000000002.json", "\"policy\":2", "\"policy\":1");

        assertThat(findings())
                .hasSize(1)
                .allMatch(finding -> finding.startsWith(
                        "environments/production/tumor/0000000002.json: it was made at 2026-01-03T01:00:00Z by policy#1, though policy#2"
                                + " stood since 2026-01-01T01:00:00Z"));
    }

    @Test
    void aDecisionThatCitesNoPolicyThoughOneStoodIsFound() {
        rig.host.advance(Duration.ofDays(2));
        rig.client("cleo").model("tumor").environment("production").promote(1, "again");
        edit("environments/production/tumor/0000000002.json", "\"policy\":1,", "");

        assertThat(findings())
                .hasSize(1)
                .allMatch(finding -> finding.contains("by no policy, though policy#1 stood since"));
    }

    @Test
    void aPolicySetBySomebodyWhoWasNoAdministratorIsFound() {
        ada.policy().set(Policy.none().role(Role.ADMINISTRATOR, "ada", "eve"), "administrators");
        rig.client("eve").policy().set(Policy.none(), "anybody may do anything");
        edit("policy/0000000002.json", "\"administrator\":[\"ada\",\"eve\"]", "\"administrator\":[\"ada\"]");

        assertThat(findings())
                .anyMatch(finding -> finding.equals("policy/0000000003.json: by policy#2 it should not have been made:"
                        + " eve is no administrator by policy#2"));
    }

    @Test
    void aPolicyThatIsNoneIsFound() {
        edit(POLICY, "\"approvals\":1", "\"approvals\":\"one\"");

        assertThat(findings()).anyMatch(finding -> finding.startsWith(POLICY + ": "));
    }

    @Test
    void anAssessmentByNoEvaluatorThatCitesNoPolicyIsFound() {
        ada.policy().set(Policy.none().role(Role.EVALUATOR, "zoe", "ada"), "evaluators");
        rig.host.advance(Duration.ofDays(2));
        ada.version("tumor@1").assess(Evaluation.attesting("board", Attestation.of("validated")));
        edit("assessments/tumor/0000000001/0000000001.json", "\"policy\":2,", "");
        edit("policy/0000000002.json", "[\"ada\",\"zoe\"]", "[\"zoe\"]");

        assertThat(findings())
                .containsExactly(
                        "assessments/tumor/0000000001/0000000001.json: by policy#2 it should not have been made:"
                                + " ada is no evaluator by policy#2");
    }

    @Test
    void aWithdrawalToWhatDidNotStandBeforeIsFound() {
        rig.client("ada").model("tumor").register(model("two").metric(Metric.higherIsBetter("auc", 0.9)));
        ada.policy().set(Policy.none(), "free");
        ada.model("tumor").environment("production").promote(2, "next");
        ada.model("tumor").environment("production").withdraw("stop");
        String withdrawal = "environments/production/tumor/0000000003.json";
        String line = new String(
                SelfVerifying.open(rig.store
                        .bytes("environments/production/tumor/0000000002.json")
                        .orElseThrow()),
                StandardCharsets.UTF_8);
        String current = line.substring(line.indexOf("\"current\":"), line.indexOf(",\"recent\":[{"));
        edit(withdrawal, "\"current\":null", current);

        assertThat(findings()).anyMatch(finding -> finding.startsWith(withdrawal + ": "));
    }

    @Test
    void aPromotionOfANumberThatNoVersionCanHaveIsFound() {
        edit(PROMOTION, "\"version\":1", "\"version\":99999999999");

        assertThat(findings())
                .contains(PROMOTION + ": it can't be held against the policy: no version has the number 99999999999");
    }

    @Test
    void aWeightThatNoArmCanHaveIsFound() {
        edit(PROMOTION, "\"weight\":10000", "\"weight\":3000000000");

        assertThat(findings()).anyMatch(finding -> finding.startsWith(PROMOTION + ": "));
    }

    private List<String> findings() {
        // a client that has read none of it before
        return rig.client("auditor").verify().findings().stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .map(finding -> finding.key() + ": " + finding.message())
                .toList();
    }

    /** As one could who may write everything: the entry is whole afterwards. */
    private void edit(String key, String before, String after) {
        String line = new String(SelfVerifying.open(rig.store.bytes(key).orElseThrow()), StandardCharsets.UTF_8);
        assertThat(line).contains(before);
        rig.store.put(key, SelfVerifying.seal(line.replace(before, after).getBytes(StandardCharsets.UTF_8)));
    }
}
