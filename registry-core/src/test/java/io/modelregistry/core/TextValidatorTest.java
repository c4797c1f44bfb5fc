package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Actor;
import io.modelregistry.Environment;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.PersonalData;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Share;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.Waiver;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.DataType;
import io.modelregistry.version.Dataset;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelCard;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.Registration;
import io.modelregistry.version.Signature;
import io.modelregistry.version.TensorSpec;
import io.modelregistry.version.TrainingCode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a validator of texts objects to reaches no entry. */
class TextValidatorTest {
    private static final String EMAIL = "marie@example.org";
    private static final String IN_TEXT = "ask " + EMAIL;

    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry careful;

    @BeforeEach
    void openARegistryThatIsCareful() {
        rig = new Rig(cache);
        rig.client("ada").model("tumor").register(model("one"));
        careful = ModelRegistry.on(rig.store.open(), rig.options().withTextValidator(PersonalData.likely()), rig.host)
                .as("ada");
    }

    @AfterEach
    void closeRig() {
        careful.close();
        rig.close();
    }

    @Test
    void everyTextOfARegistrationIsLookedAtBeforeAnythingIsWritten() {
        Map<String, Registration> refused = new LinkedHashMap<>();
        Registration fresh = model("never stored");
        Provenance none = Provenance.none();
        TensorSpec tensor = new TensorSpec("x", DataType.FLOAT32, List.of());
        TensorSpec named = new TensorSpec(IN_TEXT, DataType.FLOAT32, List.of());
        refused.put("description", fresh.description(IN_TEXT));
        refused.put("reason", fresh.reason(IN_TEXT));
        refused.put("name of a tag", fresh.tag(IN_TEXT, ""));
        refused.put("tag team", fresh.tag("team", IN_TEXT));
        refused.put("name of a parameter", fresh.parameter(IN_TEXT, 1));
        refused.put("parameter owner", fresh.parameter("owner", IN_TEXT));
        refused.put("name of a metric", fresh.metric(Metric.higherIsBetter(IN_TEXT, 1)));
        refused.put(
                "dataset of a metric",
                fresh.metric(Metric.higherIsBetter("auc", 1).on(IN_TEXT)));
        refused.put(
                "slice of a metric",
                fresh.metric(Metric.higherIsBetter("auc", 1).slice(IN_TEXT)));
        refused.put("name of a training dataset", fresh.provenance(none.trainedOn(Dataset.named(IN_TEXT))));
        refused.put("name of an evaluation dataset", fresh.provenance(none.evaluatedOn(Dataset.named(IN_TEXT))));
        refused.put(
                "URI of a training dataset",
                fresh.provenance(none.trainedOn(Dataset.named("scans").at(IN_TEXT))));
        refused.put("run id", fresh.provenance(none.run(IN_TEXT)));
        refused.put("name of a seed", fresh.provenance(none.seed(IN_TEXT, 1)));
        refused.put(
                "repository",
                fresh.provenance(none.code(new TrainingCode(IN_TEXT, "abc", TrainingCode.WorkingTree.CLEAN))));
        refused.put(
                "commit",
                fresh.provenance(none.code(new TrainingCode("repo", IN_TEXT, TrainingCode.WorkingTree.CLEAN))));
        refused.put("name of an input", fresh.signature(new Signature(List.of(named), List.of(tensor))));
        refused.put("name of an output", fresh.signature(new Signature(List.of(tensor), List.of(named))));
        refused.put("intended use", fresh.card(new ModelCard(IN_TEXT, null)));
        refused.put("limits of use", fresh.card(new ModelCard(null, IN_TEXT)));
        refused.put("path of a file", fresh.file("ask " + EMAIL, new byte[] {1}));
        Set<String> before = Set.copyOf(rig.store.keys());

        refused.forEach((field, registration) -> {
            for (String name : List.of("tumor", "new-model")) {
                assertRefused(field, () -> careful.model(name).register(registration));
            }
        });
        assertThat(rig.store.keys()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void everyReasonAndActorIsLookedAtBeforeAnythingIsWritten() {
        ModelRegistry bens = rig.client("ben");
        bens.model("tumor").environment("production").promote(1, "start");
        bens.model("tumor").register(model("two"));
        bens.model("tumor").environment("production").promote(2, "next");
        bens.version("tumor@1").submit("please");
        Set<String> before = Set.copyOf(rig.store.keys());
        var version = careful.version("tumor@1");
        var production = careful.model("tumor").environment("production");

        assertRefused("reason", () -> version.approve(IN_TEXT));
        assertRefused("reason", () -> version.reject(IN_TEXT));
        assertRefused("reason", () -> careful.version("tumor@2").submit(IN_TEXT));
        assertRefused("reason", () -> careful.version("tumor@2").retire(IN_TEXT));
        assertRefused("reason", () -> production.promote(1, IN_TEXT));
        assertRefused("reason", () -> production.rollback(IN_TEXT));
        assertRefused("reason", () -> production.withdraw(IN_TEXT));
        assertRefused("reason", () -> version.evaluate(Evaluation.of(IN_TEXT, Metric.higherIsBetter("auc", 1))));
        assertRefused(
                "dataset of a metric",
                () -> version.evaluate(
                        Evaluation.of("", Metric.higherIsBetter("auc", 1).on(IN_TEXT))));
        Evaluation assessment = Evaluation.of("", Metric.higherIsBetter("auc", 1));
        assertRefused("name of an attestation", () -> version.assess(assessment.attest(Attestation.of(IN_TEXT))));
        assertRefused(
                "document of an attestation",
                () -> version.assess(assessment.attest(new Attestation("clinical", IN_TEXT, null))));
        assertThatThrownBy(() -> careful.model("tumor").transfer(List.of(Actor.of(EMAIL)), "handed over"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("The owner can't be recorded: an e-mail address begins at position 1");
        assertThatThrownBy(() -> careful.as(EMAIL).version("tumor@1").approve("fine"))
                .hasMessageContaining("The actor id can't be recorded: an e-mail address begins at position 1");
        assertThatThrownBy(() -> careful.as(EMAIL).version("tumor@1").addNote("fine"))
                .hasMessageContaining("The actor id can't be recorded");
        assertThatThrownBy(() -> production.promote(Promotion.of(1, "fine").request("call:202-555-0123")))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(rig.store.keys()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void everyTextOfARolloutIsLookedAtBeforeAnythingIsWritten() {
        Arm all = Arm.of("main", 1, Share.ALL);
        Arm some = Arm.of("some", 1, Share.NONE);
        Map<String, Rollout> refused = new LinkedHashMap<>();
        refused.put("salt", Rollout.of(1).salt(IN_TEXT));
        refused.put("attribute of an audience", Rollout.of(all, some.audience(IN_TEXT, "icu")));
        refused.put("audience ward", Rollout.of(all, some.audience("ward", "icu", IN_TEXT)));
        refused.put("hypothesis", Rollout.of(1).experiment(new Experiment("dose-7", IN_TEXT, "readmission")));
        refused.put("outcome", Rollout.of(1).experiment(new Experiment("dose-7", "fewer", IN_TEXT)));
        Set<String> before = Set.copyOf(rig.store.keys());
        Environment production = careful.model("tumor").environment("production");

        refused.forEach((field, rollout) -> assertRefused(field, () -> production.promote(Promotion.of(rollout, ""))));
        assertThat(rig.store.keys()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void everyTextOfAPolicyIsLookedAtBeforeAnythingIsWritten() {
        Policy policy = Policy.none();
        Policy waived = policy.waive(Waiver.of(VersionId.of("tumor", 1), "production", Rule.FORMAT, IN_TEXT));

        assertRefused("reason", () -> careful.policy().set(policy, IN_TEXT));
        assertRefused("reason of a waiver", () -> careful.policy().set(waived, "clinical use"));
        assertThatThrownBy(() -> careful.policy().set(policy.role(Role.REVIEWER, "u-17", EMAIL), "clinical use"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("The actor id can't be recorded: an e-mail address begins at position 1");
        assertThat(careful.policy().history()).isEmpty();
    }

    @Test
    void aNoteMayHoldWhatEntriesMayNot() {
        careful.version("tumor@1").addNote(IN_TEXT);

        assertThat(careful.version("tumor@1").notes().get(0).text()).contains(IN_TEXT);
    }

    @Test
    void withoutAValidatorNothingIsRefused() {
        rig.client("ada").version("tumor@1").submit(IN_TEXT);

        assertThat(rig.client("ada").model("tumor").history().get(2).reason()).isEqualTo(IN_TEXT);
    }

    private static void assertRefused(String field, Runnable change) {
        assertThatThrownBy(change::run)
                .as(field)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "The " + field + " can't be recorded: an e-mail address begins at position 5. Entries are kept"
                                + " for ever; leave it out, or put it into a note, which can be erased (Version.addNote). Nothing was"
                                + " written")
                .hasMessageNotContaining("marie");
    }
}
