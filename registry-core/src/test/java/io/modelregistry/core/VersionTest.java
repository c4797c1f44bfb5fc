package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.Version;
import io.modelregistry.VersionId;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.lifecycle.IllegalTransitionException;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.Dataset;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.RuntimeSnapshot;
import io.modelregistry.version.RuntimeSnapshot.Library;
import io.modelregistry.version.TrainingCode;
import io.modelregistry.version.TrainingCode.WorkingTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions that are gone, unknown or just coming, and what is kept beside them. */
class VersionTest {
    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ada;

    @BeforeEach
    void registerTwoVersions() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        ada.model("tumor").register(model("one"));
        ada.model("tumor").register(model("two"));
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void whatWasNotSaidOfAVersionIsAbsentAndNotEmpty() {
        ada.version("tumor@1").evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 0.9)));

        Version read = rig.client("ben").version("tumor@1");

        ModelVersion version = read.require();
        assertThat(version.label()).isNull();
        assertThat(version.description()).isNull();
        assertThat(version.signature()).isNull();
        assertThat(version.card()).isNull();
        assertThat(version.metrics()).isEmpty();
        assertThat(read.metrics()).containsExactly(Metric.higherIsBetter("auc", 0.9));
        assertThat(read.metrics().get(0).interval()).isNull();
    }

    @Test
    void aVersionThatAnEnvironmentServesIsGoneRatherThanUnknown() {
        ada.model("tumor").environment("production").promote(2, "start");
        rig.store.remove("versions/tumor/0000000002.json");

        assertThatThrownBy(() -> rig.client("ben").resolve("tumor:production"))
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.TAMPERED))
                .hasMessageContaining("entry 2 was read before or is cited by another stream: entries were removed");
    }

    @Test
    void aVersionBeforeALaterOneIsMissingRatherThanUnknown() {
        ada.model("tumor").register(model("three"));
        rig.store.remove("versions/tumor/0000000002.json");

        assertThatThrownBy(() -> rig.client("ben").version("tumor@2").require())
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.MISSING_ENTRY))
                .hasMessageContaining("though entry 3 of versions/tumor stands");
    }

    @Test
    void aVersionThatIsGoneIsNotCitedAndNotUnknownToWhoReadItBefore() {
        ada.model("tumor").register(model("three"));
        ada.version("tumor@2").require();
        rig.store.remove("versions/tumor/0000000002.json");

        assertThatThrownBy(() -> ada.version("tumor@2").citation())
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.MISSING_ENTRY))
                .hasMessageContaining("though entry 3 of versions/tumor stands");
    }

    @Test
    void aVersionRegisteredWhileItIsLookedForIsFound() {
        Rig.Faulty ben = rig.faulty("ben");
        AtomicBoolean done = new AtomicBoolean();
        ben.faults().set(call -> {
            if (call.key().startsWith("hints/versions/") && done.compareAndSet(false, true)) {
                ada.model("tumor").register(model("three"));
            }
            return Fault.NONE;
        });

        assertThat(ben.registry().version("tumor@3").require().number()).isEqualTo(3);
        assertThat(done).isTrue();
    }

    @Test
    void whereAVersionComesFromIsReadBackAsItWasSaid() {
        Digest data = Digest.of(new byte[] {1});
        Digest library = Digest.of(new byte[] {2});
        Provenance origin = Provenance.none()
                .code(new TrainingCode("git@example.org:tumor", "0a1b2c3d", WorkingTree.CLEAN))
                .trainedOn(Dataset.named("scans")
                        .at("s3://hospital/scans")
                        .digest(data)
                        .rows(12))
                .evaluatedOn(Dataset.named("held-out"))
                .run("run-7")
                .fineTunedFrom(VersionId.of("tumor", 1))
                .seed("shuffle", -1)
                .runtime(new RuntimeSnapshot(
                        "17.0.1",
                        "vendor",
                        "Linux",
                        "amd64",
                        "sdk 1",
                        List.of(new Library("a.jar", library), new Library("b.jar", null))));

        ada.model("tumor").register(model("three").provenance(origin));

        Provenance read = rig.client("ben").version("tumor@3").require().provenance();
        assertThat(read).isEqualTo(origin);
        assertThat(read.trainingData().get(0).digest()).isEqualTo(data);
    }

    @Test
    void aSubmissionThatRacedWithARetirementDoesNotBringTheVersionBack() {
        Rig.Faulty ben = rig.faulty("ben");
        AtomicBoolean done = new AtomicBoolean();
        ben.faults().set(call -> {
            boolean submission =
                    call.operation() == Operation.CREATE && call.key().startsWith("submissions/");
            if (submission && done.compareAndSet(false, true)) {
                ada.version("tumor@1").retire("superseded");
            }
            return Fault.NONE;
        });

        ben.registry().version("tumor@1").submit("please");

        assertThat(done).isTrue();
        assertThat(rig.store.keys()).contains("submissions/tumor/0000000001/0000000001.json");
        assertThat(rig.client("carla").version("tumor@1").state()).isEqualTo(LifecycleState.RETIRED);
    }

    @Test
    void whatANewerReleaseAddedToAReviewSurvivesTheNext() {
        ada.version("tumor@1").submit("please");
        ada.version("tumor@1").approve("fine");
        String reviews = "reviews/tumor/0000000001/";
        String first = new String(rig.store.bytes(reviews + "0000000001.json").orElseThrow(), StandardCharsets.UTF_8);
        String line = first.substring(0, first.indexOf('\n'))
                .replace("\"state\":{\"state\"", "\"state\":{\"board\":\"ethics\",\"state\"");
        rig.store.put(reviews + "0000000001.json", SelfVerifying.seal(line.getBytes(StandardCharsets.UTF_8)));

        rig.client("ben").version("tumor@1").deprecate("drifts");

        assertThat(new String(rig.store.bytes(reviews + "0000000002.json").orElseThrow(), StandardCharsets.UTF_8))
                .containsPattern(
                        "\"state\":\\{\"state\":\"deprecated\",\"submission\":1,\"approvals\":\\[\\{.*}],\"board\":\"ethics\"}");
    }

    @Test
    void aNumberThatNoVersionCanHaveIsUnknown() {
        assertThatThrownBy(() -> ada.version("tumor@10000000000").require())
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("the latest version of tumor is 2");
    }

    @Test
    void aVersionIsFoundByItsManifestHoweverOldItIs() {
        for (int i = 3; i <= 33; i++) {
            ada.model("tumor").register(model("weights " + i));
        }

        for (int number : new int[] {1, 2, 17, 18, 33}) {
            String manifest = ada.version("tumor@" + number)
                    .require()
                    .artifact()
                    .manifest()
                    .toString();
            assertThat(rig.client("ben").version("tumor@" + manifest).id()).hasToString("tumor@" + number);
        }
    }

    @Test
    void aNameIsClaimedOnceByTheFirstOfThoseWhoRegisterAtOnce() {
        Rig.Faulty ben = rig.faulty("ben");
        AtomicBoolean done = new AtomicBoolean();
        ben.faults().set(call -> {
            boolean claim = call.operation() == Operation.CREATE && call.key().startsWith("models/");
            if (claim && done.compareAndSet(false, true)) {
                ada.model("anaemia").register(model("adas"));
            }
            return Fault.NONE;
        });

        assertThat(ben.registry().model("anaemia").register(model("bens")).number())
                .isEqualTo(2);

        assertThat(rig.store.keys())
                .filteredOn(key -> key.startsWith("models/anaemia/"))
                .hasSize(1);
        assertThat(ada.verify().errors()).isEmpty();
    }

    @Test
    void aVersionWhoseLabelIsUncertainIsNotToBeRegisteredAgainWithoutARequestId() {
        Rig.Faulty ben = rig.faulty("ben");
        ben.faults().set(FaultPlan.everyTimeOn(Operation.CREATE, "labels/.*", Fault.DENIED));

        assertThatThrownBy(() ->
                        ben.registry().model("tumor").register(model("three").label("v3")))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageStartingWith(
                        "tumor@3 is registered; whether the label v3 names it is not known, because its claim")
                .hasMessageEndingWith(". Don't register it again: it has no request id");
    }

    @Test
    void aJudgementRestsOnWhatIsSubmittedNow() {
        ModelRegistry ben = rig.client("ben");
        assertThat(ben.version("tumor@1").state()).isEqualTo(LifecycleState.CANDIDATE);
        assertThat(ada.version("tumor@1").submit("please")).isEqualTo(LifecycleState.IN_REVIEW);

        assertThat(ben.version("tumor@1").approve("fine")).isEqualTo(LifecycleState.APPROVED);
    }

    @Test
    void aSubmissionRestsOnWhatIsJudgedNow() {
        ModelRegistry ben = rig.client("ben");
        assertThat(ben.version("tumor@1").state()).isEqualTo(LifecycleState.CANDIDATE);
        ada.version("tumor@1").retire("superseded");

        assertThatThrownBy(() -> ben.version("tumor@1").submit("please"))
                .isInstanceOf(IllegalTransitionException.class);
    }

    @Test
    void aJudgementNeedsAReasonUnlessItApproves() {
        ada.version("tumor@1").submit("please");

        assertThatThrownBy(() -> ada.version("tumor@1").reject(" "))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("To REJECT tumor@1 needs a reason. Nothing was written");
        assertThat(ada.version("tumor@1").approve("")).isEqualTo(LifecycleState.APPROVED);
        assertThatThrownBy(() -> ada.version("tumor@1").retire(""))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("To BEGIN_RETIREMENT tumor@1 needs a reason. Nothing was written");
    }
}
