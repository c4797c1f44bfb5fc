package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.CopyRequest;
import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.LabelTakenException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.Outcome;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.PersonalData;
import io.modelregistry.Version;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.Approval;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.RulesUnmetException;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.Operation;
import io.modelregistry.testkit.SimulatedCrash;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.DataType;
import io.modelregistry.version.Dataset;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelCard;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.Registration;
import io.modelregistry.version.Signature;
import io.modelregistry.version.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a development registry into one of production. */
class CopyTest {
    @TempDir
    Path cache;

    @TempDir
    Path otherCache;

    private Rig production;
    private Rig development;
    private ModelRegistry target;
    private ModelRegistry source;

    @BeforeEach
    void registerInDevelopment() {
        production = new Rig(cache);
        development = new Rig(otherCache);
        development.host.newId(); // so that the two registries have different ids
        target = production.client("releaser");
        source = development.client("trainer");
        source.model("tumor").register(model("base"));
        source.model("tumor").register(rich());
    }

    @AfterEach
    void closeRigs() {
        production.close();
        development.close();
    }

    private static Registration rich() {
        TensorSpec score = new TensorSpec("score", DataType.FLOAT32, List.of(2L));
        return model("two")
                .file("pre/scaler.csv", "0.5".getBytes(StandardCharsets.UTF_8))
                .label("1.4.0")
                .description("second")
                .metric(Metric.higherIsBetter("auc", 0.9).on("held-out"))
                .parameter("epochs", 20)
                .tag("team", "oncology")
                .signature(new Signature(List.of(score), List.of(score)))
                .card(new ModelCard("second reading", null))
                .provenance(Provenance.none()
                        .trainedOn(Dataset.named("2025"))
                        .run("run-7")
                        .fineTunedFrom(VersionId.of("tumor", 1)));
    }

    @Test
    void everythingThatWasRecordedIsCopiedAndTheLifeBeginsAnew() {
        source.version("tumor@2").submit("please");
        source.version("tumor@2").approve("fine");

        ModelVersion copy = target.model("tumor").copyFrom(source.version("tumor@1.4.0"), "release 7");

        ModelVersion original = source.version("tumor@2").require();
        assertThat(copy.id()).hasToString("tumor@1");
        assertThat(copy.artifact()).isEqualTo(original.artifact());
        assertThat(copy.description()).isEqualTo("second");
        assertThat(copy.metrics()).isEqualTo(original.metrics());
        assertThat(copy.parameters()).isEqualTo(original.parameters());
        assertThat(copy.tags()).isEqualTo(original.tags());
        assertThat(copy.signature()).isEqualTo(original.signature());
        assertThat(copy.card()).isEqualTo(original.card());
        assertThat(copy.registeredBy()).hasToString("releaser");
        assertThat(copy.provenance().trainingData())
                .isEqualTo(original.provenance().trainingData());
        assertThat(copy.provenance().parents()).isEmpty();
        assertThat(copy.provenance().copiedFrom())
                .isEqualTo(source.version("tumor@2").citation());
        assertThat(target.version("tumor@1.4.0").id()).hasToString("tumor@1");
        assertThat(target.version("tumor@1").state()).isEqualTo(LifecycleState.CANDIDATE);
        assertThat(target.version("tumor@1").download().file("pre/scaler.csv")).hasContent("0.5");
        assertThat(target.model("tumor").history().get(1).reason()).isEqualTo("release 7");
        assertThat(target.verify().findings()).isEmpty();
    }

    @Test
    void itIsReadBackAsItWasWritten() {
        ModelVersion copy = target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        assertThat(production.client("auditor").version("tumor@1").require()).isEqualTo(copy);
        assertThat(target.model("other-name")
                        .copyFrom(source.version("tumor@2"), "and again")
                        .id())
                .hasToString("other-name@1");
    }

    @Test
    void theStoredFormOfACitationIsFixed() {
        ModelVersion copy = target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        String stored = new String(
                production.store.bytes("versions/tumor/0000000001.json").orElseThrow(), StandardCharsets.UTF_8);
        assertThat(stored)
                .contains("\"run\":\"run-7\",\"copiedFrom\":{\"registry\":\"" + source.id()
                        + "\",\"model\":\"tumor\",\"version\":2,\"sha256\":\""
                        + copy.provenance().copiedFrom().entry().hex() + "\"}}");
    }

    @Test
    void copyingAgainGivesTheVersionThatStandsHoweverMuchHappenedInBetween() {
        ModelVersion copy = target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");
        for (int i = 0; i < 40; i++) { // more requests than a stream remembers
            target.model("tumor").register(model("version " + i).request("request-" + i));
        }
        int keys = production.store.keys().size();

        assertThat(production.client("another").model("tumor").copyFrom(source.version("tumor@2"), "release 8"))
                .isEqualTo(copy);
        assertThat(production.store.keys()).hasSize(keys);
    }

    @Test
    void copyingAgainWhatHasNoLabelWritesNothing() {
        ModelVersion copy = target.model("tumor").copyFrom(source.version("tumor@1"), "release 7");
        int keys = production.store.keys().size();

        assertThat(target.model("tumor").copyFrom(source.version("tumor@1"), "release 8"))
                .isEqualTo(copy);
        assertThat(production.store.keys()).hasSize(keys);
    }

    @Test
    void whatWasMeasuredLaterComesAlongAndWhatIsMeasuredAfterThatWhenItIsCopiedAgain() {
        source.version("tumor@2").evaluate(Evaluation.of("external", Metric.lowerIsBetter("loss", 0.5)));
        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");
        assertThat(target.version("tumor@1").metrics())
                .isEqualTo(source.version("tumor@2").metrics());

        source.version("tumor@2").evaluate(Evaluation.of("external", Metric.lowerIsBetter("loss", 0.4)));
        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");
        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        assertThat(target.version("tumor@1").metrics())
                .isEqualTo(source.version("tumor@2").metrics());
        assertThat(production.store.keys())
                .filteredOn(key -> key.startsWith("evaluations/"))
                .hasSize(2);
    }

    private void judgeInDevelopment() {
        Version original = source.version("tumor@2");
        original.assess(
                Evaluation.of("board", Metric.higherIsBetter("auc", 0.88).on("external"))
                        .attest(Attestation.of("validated")));
        original.submit("please");
        development
                .client("reviewer")
                .version("tumor@2")
                .approve(Approval.of("sound").printedName("R. Eviewer"));
    }

    @Test
    void whatWasJudgedThereIsCitedWordForWordAndCountsForNothingHere() {
        judgeInDevelopment();

        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        Version copy = production.client("auditor").version("tumor@1");
        assertThat(copy.evidence())
                .extracting(event -> event.actor() + " " + event.what() + " " + event.subject() + ": " + event.reason())
                .containsExactly(
                        "trainer assess tumor@2: board",
                        "trainer submit tumor@2: please",
                        "reviewer approve tumor@2: sound");
        assertThat(copy.evidence().get(2).entry())
                .isEqualTo(Digest.of(development
                        .store
                        .bytes("reviews/tumor/0000000002/0000000001.json")
                        .orElseThrow()));
        assertThat(copy.state()).isEqualTo(LifecycleState.CANDIDATE);
        assertThat(copy.assessedMetrics()).isEmpty();
        assertThat(production.store.keys())
                .filteredOn(key -> key.startsWith("evaluations/"))
                .hasSize(1);
        copy.verifyOrigin(source);
        assertThat(target.verify().findings()).isEmpty();
        assertThat(target.model("tumor").history())
                .extracting(AuditEvent::after)
                .contains("cites 3 entries of " + source.id().substring(0, 12) + "…");
        assertThat(source.version("tumor@2").evidence()).isEmpty();
    }

    @Test
    void whatIsJudgedLaterIsCitedWhenItIsCopiedAgainAndNothingTwice() {
        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");
        judgeInDevelopment();
        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");
        development.client("reviewer").version("tumor@2").deprecate("drift");

        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");
        int keys = production.store.keys().size();
        production.client("another").model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        assertThat(target.version("tumor@1").evidence())
                .extracting(AuditEvent::what)
                .containsExactly("assess", "submit", "approve", "deprecate");
        assertThat(production.store.keys()).hasSize(keys);
        assertThat(target.verify().findings()).isEmpty();
    }

    @Test
    void evidenceThatAnotherCopyBeganToCiteMeanwhileIsCitedOnce() {
        judgeInDevelopment();
        Rig early = new Rig(otherCache);
        for (String key : List.copyOf(development.store.keys())) {
            early.store.put(key, development.store.bytes(key).orElseThrow());
        }
        Version asItStoodEarlier = early.client("trainer").version("tumor@2");
        development.client("reviewer").version("tumor@2").deprecate("drift");
        Rig.Faulty releaser = production.faulty("releaser");
        AtomicBoolean done = new AtomicBoolean();
        releaser.faults().set(call -> {
            boolean citing = call.operation() == Operation.CREATE && call.key().startsWith("evaluations/");
            if (citing && done.compareAndSet(false, true)) {
                production.client("another").model("tumor").copyFrom(asItStoodEarlier, "release 7");
            }
            return Fault.NONE;
        });

        releaser.registry().model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        assertThat(done).isTrue();
        assertThat(target.version("tumor@1").evidence())
                .extracting(AuditEvent::what)
                .containsExactly("assess", "submit", "approve", "deprecate");
        target.version("tumor@1").verifyOrigin(source);
        assertThat(target.verify().findings()).isEmpty();
        early.close();
    }

    @Test
    void evidenceThatIsReadAsOneThingAndAsAnotherIsNotCopied() {
        source.version("tumor@2").submit("please");
        String key = "submissions/tumor/0000000002/0000000001.json";
        Rig.Faulty trainer = development.faulty("trainer");
        // read as the newest, as one of a chain, and as bytes
        trainer.faults().set(FaultPlan.onceOn(Operation.GET, key, 3, Fault.FLIPPED));

        assertThatThrownBy(
                        () -> target.model("tumor").copyFrom(trainer.registry().version("tumor@2"), "release 7"))
                .isInstanceOfSatisfying(IntegrityException.class, e -> {
                    assertThat(e.damage()).isEqualTo(Damage.CORRUPT_ENTRY);
                    assertThat(e.key()).isEqualTo(key);
                })
                .hasMessageStartingWith("The entry " + key + " was read as one thing and as another. Copy again");
        assertThat(production.store.keys()).containsExactly("registry.json");

        target.model("tumor").copyFrom(trainer.registry().version("tumor@2"), "release 7");
        assertThat(target.version("tumor@1").evidence()).hasSize(1);
    }

    @Test
    void evidenceThatGoesWhileItIsReadIsMissing() {
        source.version("tumor@2").submit("please");
        String key = "submissions/tumor/0000000002/0000000001.json";
        Rig.Faulty trainer = development.faulty("trainer");
        AtomicInteger reads = new AtomicInteger();
        trainer.faults().set(call -> {
            if (call.operation() == Operation.GET && call.key().equals(key) && reads.incrementAndGet() == 3) {
                development.store.remove(key);
            }
            return Fault.NONE;
        });

        assertThatThrownBy(
                        () -> target.model("tumor").copyFrom(trainer.registry().version("tumor@2"), "release 7"))
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.MISSING_ENTRY))
                .hasMessage("The entry " + key + " was removed");
    }

    @Test
    void whatCitesEvidenceCitesTheVersionAndThePolicyThatLetItThrough() {
        judgeInDevelopment();
        target.policy().set(Policy.none(), "start");

        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        assertThat(new String(
                        production
                                .store
                                .bytes("evaluations/tumor/0000000001/0000000001.json")
                                .orElseThrow(),
                        StandardCharsets.UTF_8))
                .contains("\"seen\":{\"policy\":1,\"versions/tumor\":1}");
    }

    @Test
    void whoMayNoLongerContributeIsStillGivenTheCopyThatStands() {
        judgeInDevelopment();
        ModelVersion copy = target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");
        target.policy().set(Policy.none().role(Role.CONTRIBUTOR, "somebody-else"), "the releaser left");
        ModelRegistry releaser = production.client("releaser");

        assertThat(releaser.model("tumor").copyFrom(source.version("tumor@2"), "release 7"))
                .isEqualTo(copy);

        source.version("tumor@2").deprecate("drift");
        assertThatThrownBy(() -> releaser.model("tumor").copyFrom(source.version("tumor@2"), "release 7"))
                .isInstanceOf(RulesUnmetException.class)
                .hasMessageContaining("Cannot cite evidence for tumor@1");
    }

    @Test
    void evidenceThatFitsIntoNoEntryIsSaidToBeTooLargeAndCitedNeitherInPart() {
        Version original = source.version("tumor@2");
        original.assess(measured("size", 1_800));

        assertThatThrownBy(() -> target.model("tumor").copyFrom(original, "release 7"))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("; an entry holds at most 1048576");
        assertThat(production.store.keys()).noneMatch(key -> key.startsWith("evaluations/"));
    }

    @Test
    void evidenceIsCitedInAsManyEntriesAsItsBytesNeed() {
        Version original = source.version("tumor@2");
        original.assess(measured("腫瘍の大きさ", 600));
        original.assess(measured("腫瘍の位置", 1));

        target.model("tumor").copyFrom(original, "release 7");

        assertThat(target.version("tumor@1").evidence()).hasSize(2);
        assertThat(production.store.keys())
                .filteredOn(key -> key.startsWith("evaluations/"))
                .hasSize(2);
        assertThat(target.verify().findings()).isEmpty();
    }

    @Test
    void evidenceIsCitedBesideWhatTheVersionsEvaluationsHoldAlready() {
        Version original = source.version("tumor@2");
        original.evaluate(measured("size", 1_780));
        original.assess(measured("place", 615));
        original.assess(measured("depth", 1));

        target.model("tumor").copyFrom(original, "release 7");

        assertThat(target.version("tumor@1").evidence()).hasSize(2);
        assertThat(target.version("tumor@1").metrics()).hasSize(1_781);
        assertThat(target.verify().findings()).isEmpty();
    }

    @Test
    void whatWasMeasuredBitByBitIsNotAddedAtOnce() {
        Version original = source.version("tumor@1");
        original.evaluate(measured("size", 1_000));
        original.evaluate(measured("place", 1_000));

        target.model("tumor").copyFrom(original, "release 7");

        assertThat(target.version("tumor@1").metrics()).isEqualTo(original.metrics());
        assertThat(target.verify().findings()).isEmpty();
    }

    @Test
    void whatWasAssessedBitByBitIsNotVouchedForAtOnce() {
        Version original = source.version("tumor@1");
        original.assess(measured("size", 1_000).attest(Attestation.of("validated")));
        original.assess(measured("place", 890));
        original.assess(measured("depth", 10));

        target.model("tumor").copyFrom(CopyRequest.of(original, "release 7").vouching());

        Version copy = target.version("tumor@1");
        assertThat(copy.assessedMetrics()).isEqualTo(original.assessedMetrics());
        assertThat(copy.attestations()).containsExactly(Attestation.of("validated"));
        assertThat(target.verify().findings()).isEmpty();
    }

    /** So many metrics, with names as long as they may be. */
    private static Evaluation measured(String what, int metrics) {
        String dataset = what.repeat(100).substring(0, 100);
        return Evaluation.of(
                "all sites",
                IntStream.range(0, metrics)
                        .mapToObj(i -> Metric.higherIsBetter("auc", 0.5)
                                .on(dataset)
                                .slice(dataset.substring(0, 95) + (10_000 + i)))
                        .toArray(Metric[]::new));
    }

    @Test
    void whoIsAnEvaluatorHereMayVouchForWhatWasAssessedThere() {
        judgeInDevelopment();
        target.policy()
                .set(
                        Policy.none()
                                .role(Role.EVALUATOR, "board")
                                .environment(
                                        "production", EnvironmentRules.none().attestation("validated")),
                        "clinical use");
        CopyRequest copy =
                CopyRequest.of(source.version("tumor@2"), "release 7").vouching();

        assertThatThrownBy(() -> target.model("tumor").copyFrom(copy))
                .isInstanceOf(RulesUnmetException.class)
                .hasMessageContaining("Cannot vouch for tumor@2");
        assertThat(production.store.keys()).noneMatch(key -> key.startsWith("versions/"));

        ModelRegistry board = production.client("board");
        board.model("tumor").copyFrom(copy);
        board.model("tumor").copyFrom(copy);

        assertThat(target.version("tumor@1").assessedMetrics()).hasSize(1);
        assertThat(board.model("tumor")
                        .environment("production")
                        .promote(1, "go live")
                        .rollout())
                .contains(Rollout.of(1));
        assertThat(target.verify().findings()).isEmpty();
    }

    @Test
    void aTakenLabelIsLeftOutOrReplaced() {
        target.model("tumor").register(model("mine").label("1.4.0"));

        ModelVersion other = target.model("tumor")
                .copyFrom(CopyRequest.of(source.version("tumor@2"), "release 7").label("1.4.0-dev"));
        ModelVersion without = target.model("lung")
                .copyFrom(CopyRequest.of(source.version("tumor@2"), "release 7").withoutLabel());

        assertThat(target.version("tumor@1.4.0-dev").id()).isEqualTo(other.id());
        assertThat(without.label()).isNull();
        target.version("tumor@2").verifyOrigin(source);
        target.version("lung@1").verifyOrigin(source);
    }

    @Test
    void evidenceThatWasChangedHereOrReplacedThereIsFoundOut() {
        judgeInDevelopment();
        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        replace(development, "reviews/tumor/0000000002/0000000001.json", "\"sound\"", "\"doubtful\"");
        assertThatThrownBy(() -> target.version("tumor@1").verifyOrigin(development.client("auditor")))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("the entry reviews/tumor/0000000002/0000000001.json cited as evidence");

        replace(production, "evaluations/tumor/0000000001/0000000001.json", "sound", "doubtful");
        assertThat(target.verify().errors())
                .anySatisfy(finding ->
                        assertThat(finding.toString()).contains("evaluations/tumor/0000000001/0000000001.json"));
    }

    @Test
    void whatTheValidatorObjectsToIsNotCitedEither() {
        source.version("tumor@2").submit("ask ada@example.org");
        ModelRegistry careful = ModelRegistry.on(
                        production.store.open(),
                        production.options().withTextValidator(PersonalData.likely()),
                        production.host)
                .as("releaser");

        assertThatThrownBy(() -> careful.model("tumor").copyFrom(source.version("tumor@2"), "release 7"))
                .hasMessageContaining("The reason can't be recorded");
        development.client("ben@example.org").version("tumor@1").submit("please");
        assertThatThrownBy(() -> careful.model("tumor").copyFrom(source.version("tumor@1"), "release 7"))
                .hasMessageContaining("The actor id can't be recorded");
        careful.close();
    }

    @Test
    void theStoredFormOfCitedEvidenceIsFixed() {
        source.version("tumor@2").submit("please");

        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        String there = new String(
                SelfVerifying.open(development
                        .store
                        .bytes("submissions/tumor/0000000002/0000000001.json")
                        .orElseThrow()),
                StandardCharsets.UTF_8);
        String digest = Digest.of(development
                        .store
                        .bytes("submissions/tumor/0000000002/0000000001.json")
                        .orElseThrow())
                .hex();
        assertThat(new String(
                        production
                                .store
                                .bytes("evaluations/tumor/0000000001/0000000001.json")
                                .orElseThrow(),
                        StandardCharsets.UTF_8))
                .contains("\"change\":{\"type\":\"cite\",\"registry\":\"" + source.id()
                        + "\",\"entries\":[{\"stream\":\"submissions/tumor/0000000002\",\"sequence\":1,\"line\":\""
                        + there.replace("\"", "\\\"") + "\"}]}")
                .contains("\"state\":{\"cited\":{\"submissions/tumor/0000000002\":{\"sequence\":1,\"sha256\":\""
                        + digest + "\"}}}");
    }

    @Test
    void aCrashAnywhereIsMendedByCopyingAgain() {
        source.version("tumor@2").evaluate(Evaluation.of("external", Metric.lowerIsBetter("loss", 0.5)));
        judgeInDevelopment();
        for (int call = 1; ; call++) {
            Rig rig = new Rig(cache);
            Rig.Faulty releaser = rig.faulty("releaser");
            long before = releaser.backend().calls().size();
            releaser.faults().set(FaultPlan.onCall(before + call, Fault.CRASH_AFTER));
            boolean finished = false;
            try {
                releaser.registry().model("tumor").copyFrom(source.version("tumor@2"), "release 7");
                finished = true;
            } catch (SimulatedCrash e) {
                // as planned
            }
            ModelRegistry other = rig.client("other");
            other.model("tumor").copyFrom(source.version("tumor@2"), "release 7");

            assertThat(other.model("tumor").versions()).hasSize(1);
            assertThat(other.version("tumor@1.4.0").metrics()).hasSize(2);
            assertThat(other.version("tumor@1.4.0").evidence()).hasSize(3);
            assertThat(other.verify().errors()).isEmpty();
            if (finished) {
                assertThat(call).isGreaterThan(10);
                return;
            }
        }
    }

    @Test
    void aCopyThatStandsWithoutItsLaterMetricsIsSaidToStand() {
        source.version("tumor@2").evaluate(Evaluation.of("external", Metric.lowerIsBetter("loss", 0.5)));
        Rig.Faulty releaser = production.faulty("releaser");
        releaser.faults().set(FaultPlan.everyTimeOn(Operation.CREATE, "evaluations/.*", Fault.DENIED));

        assertThatThrownBy(() -> releaser.registry().model("tumor").copyFrom(source.version("tumor@2"), "release 7"))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class,
                        e -> assertThat(target.outcome(e.token())).isEqualTo(Outcome.COMMITTED))
                .hasMessageContaining("tumor@1 is registered as a copy of tumor@2 of " + source.id())
                .hasMessageContaining("Copy it again: that adds what is missing");
    }

    @Test
    void whatWasAddedToACopyThatStandsIsSaidToBeWhenTheRestFails() {
        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");
        source.version("tumor@2").evaluate(Evaluation.of("external", Metric.lowerIsBetter("loss", 0.5)));
        source.version("tumor@2").submit("please");
        Rig.Faulty releaser = production.faulty("releaser");
        releaser.faults().set(FaultPlan.onceOn(Operation.CREATE, "evaluations/.*", 2, Fault.DENIED));

        assertThatThrownBy(() -> releaser.registry().model("tumor").copyFrom(source.version("tumor@2"), "release 8"))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class,
                        e -> assertThat(target.outcome(e.token())).isEqualTo(Outcome.COMMITTED))
                .hasMessageContaining("Copy it again: that adds what is missing");
        assertThat(target.version("tumor@1").metrics()).hasSize(2);
    }

    @Test
    void whoCopiesUnderAnotherLabelAtTheSameTimeIsGivenTheCopyThatStands() {
        Rig.Faulty releaser = production.faulty("releaser");
        AtomicBoolean done = new AtomicBoolean();
        releaser.faults().set(call -> {
            if (call.operation() == Operation.UPLOAD && done.compareAndSet(false, true)) {
                production.client("another").model("tumor").copyFrom(source.version("tumor@2"), "release 7");
            }
            return Fault.NONE;
        });

        ModelVersion copy = releaser.registry()
                .model("tumor")
                .copyFrom(CopyRequest.of(source.version("tumor@2"), "release 7").withoutLabel());

        assertThat(done).isTrue();
        assertThat(copy.label()).hasToString("1.4.0");
        assertThat(target.model("tumor").versions()).containsExactly(copy);
    }

    @Test
    void whoCopiesUnderTheSameLabelAtTheSameTimeIsGivenTheCopyThatHasIt() {
        Rig.Faulty releaser = production.faulty("releaser");
        AtomicBoolean done = new AtomicBoolean();
        releaser.faults().set(call -> {
            if (call.key().startsWith("labels/") && done.compareAndSet(false, true)) {
                production.client("another").model("tumor").copyFrom(source.version("tumor@2"), "release 7");
            }
            return Fault.NONE;
        });

        ModelVersion copy = releaser.registry().model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        assertThat(done).isTrue();
        assertThat(target.model("tumor").versions()).containsExactly(copy);
    }

    @Test
    void aCopyThatLostItsLabelIsCompletedByWhoDoesNotAskForIt() {
        Rig.Faulty dying = production.faulty("releaser");
        dying.faults().set(FaultPlan.onceOn(Operation.CREATE, "labels/.*", 1, Fault.CRASH_BEFORE));
        assertThatThrownBy(() -> dying.registry().model("tumor").copyFrom(source.version("tumor@2"), "release 7"))
                .isInstanceOf(SimulatedCrash.class);
        target.model("tumor").register(model("mine").label("1.4.0"));
        source.version("tumor@2").submit("please");

        assertThatThrownBy(() -> target.model("tumor").copyFrom(source.version("tumor@2"), "release 7"))
                .isInstanceOf(LabelTakenException.class);
        ModelVersion copy = target.model("tumor")
                .copyFrom(CopyRequest.of(source.version("tumor@2"), "release 7").withoutLabel());

        assertThat(copy.number()).isEqualTo(1);
        assertThat(target.version("tumor@1").evidence()).hasSize(1);
        assertThat(target.version("tumor@1.4.0").id()).hasToString("tumor@2");
    }

    @Test
    void whatSaysThatItIsACopyAndIsNotIsNeitherReturnedNorVouchedFor() {
        judgeInDevelopment();
        target.model("tumor")
                .register(model("other files")
                        .provenance(Provenance.none()
                                .copiedFrom(source.version("tumor@2").citation())));

        ModelVersion copy = target.model("tumor")
                .copyFrom(CopyRequest.of(source.version("tumor@2"), "release 7").vouching());

        assertThat(copy.number()).isEqualTo(2);
        assertThat(target.version("tumor@1").assessedMetrics()).isEmpty();
        assertThat(target.version("tumor@1").evidence()).isEmpty();
        target.version("tumor@2").verifyOrigin(source);
    }

    @Test
    void aMeasurementThatWentBackToAnEarlierValueIsCopiedAgain() {
        Version original = source.version("tumor@2");
        for (double auc : new double[] {0.8, 0.95, 0.8, 0.95, 0.9}) {
            Metric measured = Metric.higherIsBetter("auc", auc).on("held-out");
            original.evaluate(Evaluation.of("once more", measured));
            original.assess(Evaluation.of("once more", measured));

            target.model("tumor").copyFrom(CopyRequest.of(original, "release 7").vouching());

            assertThat(target.version("tumor@1").metrics()).containsExactly(measured);
            assertThat(target.version("tumor@1").assessedMetrics()).containsExactly(measured);
        }
        assertThat(target.verify().findings()).isEmpty();
    }

    @Test
    void whatWasMeasuredHereIsKeptUntilTheOriginalIsMeasuredAgain() {
        Version original = source.version("tumor@2");
        original.evaluate(Evaluation.of("there", Metric.lowerIsBetter("loss", 0.5), Metric.lowerIsBetter("bias", 0.1)));
        original.assess(Evaluation.of("there", Metric.lowerIsBetter("gap", 0.2), Metric.lowerIsBetter("lag", 3)));
        CopyRequest copy = CopyRequest.of(original, "release 7").vouching();
        target.model("tumor").copyFrom(copy);
        target.version("tumor@1").evaluate(Evaluation.of("here", Metric.lowerIsBetter("loss", 0.6)));
        target.version("tumor@1").assess(Evaluation.of("here", Metric.lowerIsBetter("gap", 0.4)));

        target.model("tumor").copyFrom(copy);

        assertThat(target.version("tumor@1").metrics()).contains(Metric.lowerIsBetter("loss", 0.6));
        assertThat(target.version("tumor@1").assessedMetrics()).contains(Metric.lowerIsBetter("gap", 0.4));
        original.evaluate(Evaluation.of("there", Metric.lowerIsBetter("loss", 0.4)));
        target.model("tumor").copyFrom(copy);
        assertThat(target.version("tumor@1").metrics()).contains(Metric.lowerIsBetter("loss", 0.4));
    }

    @Test
    void aVersionThatLostItsLabelOnTheWayHasItsEvidence() {
        judgeInDevelopment();
        Rig.Faulty releaser = production.faulty("releaser");
        AtomicBoolean done = new AtomicBoolean();
        releaser.faults().set(call -> {
            if (call.operation() == Operation.UPLOAD && done.compareAndSet(false, true)) {
                production
                        .client("another")
                        .model("tumor")
                        .register(model("mine").label("1.4.0"));
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() -> releaser.registry().model("tumor").copyFrom(source.version("tumor@2"), "release 7"))
                .isInstanceOf(LabelTakenException.class);

        assertThat(target.version("tumor@2").evidence()).hasSize(3);
    }

    @Test
    void evidenceThatWasReplacedSinceItWasCitedIsNotGoneOnFrom() {
        source.version("tumor@2").submit("please");
        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");
        Rig restored = new Rig(otherCache);
        for (String key : List.copyOf(development.store.keys())) {
            if (!key.startsWith("submissions/")) {
                restored.store.put(key, development.store.bytes(key).orElseThrow());
            }
        }
        Version other = restored.client("trainer").version("tumor@2");
        other.submit("anew");
        other.reject("no");
        other.submit("once more");

        assertThatThrownBy(() -> target.model("tumor").copyFrom(other, "release 7"))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("isn't what evaluations/tumor/0000000001#1 cites of it");
        restored.close();
    }

    @Test
    void anOriginIsVerifiedAgainstTheSource() {
        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        target.version("tumor@1").verifyOrigin(development.client("auditor"));

        target.model("tumor").register(model("own"));
        assertThatThrownBy(() -> target.version("tumor@2").verifyOrigin(source))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("tumor@2 is no copy: its provenance cites no other registry");
        assertThatThrownBy(() -> target.version("tumor@1").verifyOrigin(target))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("tumor@1 is a copy of tumor@2 of " + source.id());
    }

    @Test
    void anOriginThatWasReplacedIsFoundOut() {
        target.model("tumor").copyFrom(source.version("tumor@2"), "release 7");
        String key = "versions/tumor/0000000002.json";
        replace(development, key, "\"actor\":{\"id\":\"trainer\"}", "\"actor\":{\"id\":\"forger\"}");

        assertThatThrownBy(() -> target.version("tumor@1").verifyOrigin(development.client("auditor")))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("that registry's tumor@2 is now the entry sha256:");

        development.store.remove(key);
        assertThatThrownBy(() -> target.version("tumor@1").verifyOrigin(development.client("auditor")))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void aCopyThatSaysOtherwiseThanItsOriginIsFoundOut() {
        ModelVersion original = source.version("tumor@2").require();
        target.model("tumor")
                .register(model("two")
                        .description("second, improved")
                        .provenance(original.provenance()
                                .copiedFrom(source.version("tumor@2").citation())));

        assertThatThrownBy(() -> target.version("tumor@1").verifyOrigin(source))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(
                        "but they differ in the files, the description, the metrics, the parameters, the tags,"
                                + " the signature, the model card. Find out which was changed");
    }

    @Test
    void whatIsOfThisRegistryOrHasATakenLabelIsRefusedAndNothingIsWritten() {
        target.model("tumor").register(model("mine").label("1.4.0"));
        int keys = production.store.keys().size();

        assertThatThrownBy(() -> target.model("tumor").copyFrom(source.version("tumor@2"), "release 7"))
                .isInstanceOf(LabelTakenException.class);
        assertThatThrownBy(() -> target.model("tumor").copyFrom(target.version("tumor@1"), "again"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("tumor@1 is a version of this very registry");
        assertThatThrownBy(() -> target.model("tumor").copyFrom(source.version("tumor@9"), "release 7"))
                .isInstanceOf(NotFoundException.class);
        assertThat(production.store.keys()).hasSize(keys);
    }

    @Test
    void aBlobThatIsDamagedAtTheSourceIsNotCopied() {
        String blob = development.store.keys().stream()
                .filter(key -> key.startsWith("blobs/"))
                .filter(key ->
                        new String(development.store.bytes(key).orElseThrow(), StandardCharsets.UTF_8).equals("two"))
                .findFirst()
                .orElseThrow();
        development.store.put(blob, "TWO".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> target.model("tumor").copyFrom(source.version("tumor@2"), "release 7"))
                .isInstanceOf(IntegrityException.class);
        assertThat(production.store.keys()).containsExactly("registry.json");
    }

    @Test
    void theCopyWaitsForNothingWhenItsAnswerIsLost() {
        Rig.Faulty releaser = production.faulty("releaser");
        releaser.faults().set(FaultPlan.onceOn(Operation.CREATE, "versions/.*", 1, Fault.LOST_ANSWER));

        releaser.registry().model("tumor").copyFrom(source.version("tumor@2"), "release 7");

        assertThat(releaser.backend().faults()).hasSize(1);
        assertThat(target.model("tumor").versions()).hasSize(1);
    }

    private static void replace(Rig rig, String key, String what, String by) {
        String line = new String(SelfVerifying.open(rig.store.bytes(key).orElseThrow()), StandardCharsets.UTF_8);
        assertThat(line).contains(what);
        rig.store.put(key, SelfVerifying.seal(line.replace(what, by).getBytes(StandardCharsets.UTF_8)));
    }
}
