package io.modelregistry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Actor;
import io.modelregistry.ConflictException;
import io.modelregistry.Environment;
import io.modelregistry.Host;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.LabelTakenException;
import io.modelregistry.Model;
import io.modelregistry.ModelInfo;
import io.modelregistry.ModelName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.NoteId;
import io.modelregistry.RegistryOptions;
import io.modelregistry.Reproduction;
import io.modelregistry.access.Role;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Changes;
import io.modelregistry.audit.Position;
import io.modelregistry.compare.MetricDifference.Verdict;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.environment.ServedAt.Certainty;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.lifecycle.StateAt;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.MetricRule;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.Preview;
import io.modelregistry.policy.ReviewRules;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.RulesUnmetException;
import io.modelregistry.policy.UnmetRule;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Note;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What users may rely on, whatever the backend. A backend's module runs it beside {@link StorageBackendContract}, with registry-core on the class path.
 * Every test has a store of its own, which two clients share as two processes would.
 */
public abstract class RegistryContract implements RolloutContract {
    private static final int WRITERS = 8;
    private static final int VERSIONS_EACH = 4;

    @TempDir
    Path scratch;

    private final List<ModelRegistry> opened = new ArrayList<>();
    private ModelRegistry ada;
    private ModelRegistry ben;

    /** For subclasses. */
    protected RegistryContract() {}

    /** Another client of the store of the current test. */
    protected abstract StorageBackend open(Host host);

    /** The machine the clients run on; its clock must agree with the store's. */
    protected Host host() {
        return Host.system();
    }

    @BeforeEach
    void openTwoClients() {
        ada = KnownIdentity.open(getClass(), open(host()), () -> client("ada"));
        ben = client("ben");
    }

    @AfterEach
    void closeClients() {
        opened.forEach(ModelRegistry::close);
    }

    @Test
    void versionsAreNumberedWithoutGapsInTheOrderOfTheirRegistration() {
        ModelVersion first = ada.model("tumor").register(model("one"));
        ModelVersion second = ben.model("tumor").register(model("two"));

        assertThat(first.id()).hasToString("tumor@1");
        assertThat(second.id()).hasToString("tumor@2");
        assertThat(second.registeredBy().id()).isEqualTo("ben");
        assertThat(ada.model("tumor").latest()).contains(second);
        assertThat(ada.model("tumor").versions()).containsExactly(first, second);
    }

    @Test
    void concurrentRegistrationsAllSucceedUnderDistinctGaplessNumbers() throws InterruptedException {
        ConcurrentLinkedQueue<Long> numbers = new ConcurrentLinkedQueue<>();
        List<ModelRegistry> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(client("writer-" + i));
        }

        Crew.run(WRITERS, thread -> {
            for (int n = 0; n < VERSIONS_EACH; n++) {
                numbers.add(writers.get(thread)
                        .model("tumor")
                        .register(model(thread + "/" + n))
                        .number());
            }
        });

        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, WRITERS * VERSIONS_EACH)
                        .boxed()
                        .toList());
        assertThat(ada.verify().errors()).isEmpty();
    }

    @Test
    void whatIsDownloadedIsWhatWasRegistered() throws IOException {
        ada.model("tumor")
                .register(Registration.empty()
                        .file("model.onnx", bytes("weights"))
                        .file("pre/scaler.json", bytes("{}")));

        LocalArtifact artifact = ben.version("tumor@1").download();
        Path folder = ben.version("tumor@1").downloadTo(scratch.resolve("mine"));

        assertThat(artifact.file("model.onnx")).hasContent("weights");
        assertThat(artifact.file("pre/scaler.json")).hasContent("{}");
        assertThat(folder.resolve("pre/scaler.json")).hasContent("{}");
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(2);
        }
    }

    @Test
    void aRepeatedRequestReturnsTheFirstVersion() {
        ModelVersion first = ada.model("tumor").register(model("one").request("job-1"));
        ModelVersion again = ben.model("tumor").register(model("one").request("job-1"));

        assertThat(again).isEqualTo(first);
        assertThat(ada.model("tumor").latest()).contains(first);
        assertThatThrownBy(() -> ben.model("tumor").register(model("other").request("job-1")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("request id job-1 was used for another change: versions/tumor#1");
    }

    @Test
    void aLabelNamesOneVersionForEver() {
        ada.model("tumor").register(model("one").label("1.4.0"));

        assertThat(ben.version("tumor@1.4.0").id()).hasToString("tumor@1");
        assertThat(ben.version("tumor@1").label())
                .hasValueSatisfying(l -> assertThat(l).hasToString("1.4.0"));
        assertThatThrownBy(() -> ben.model("tumor").register(model("two").label("1.4.0")))
                .isInstanceOf(LabelTakenException.class)
                .hasMessageContaining("names version 1 for ever; choose another. Nothing was registered");
        assertThat(ada.model("tumor").latest())
                .hasValueSatisfying(v -> assertThat(v.number()).isEqualTo(1));
    }

    @Test
    void aVersionIsFoundByTheDigestOfItsManifest() {
        ModelVersion first = ada.model("tumor").register(model("one"));
        ada.model("tumor").register(model("two"));

        String reference = "tumor@" + first.artifact().manifest();

        assertThat(ben.version(reference).id()).isEqualTo(first.id());
        assertThat(ben.resolve(reference).version()).isEqualTo(first);
    }

    @Test
    void whatIsMissingIsSaidWithWhatThereIs() {
        ada.model("tumor").register(model("one"));

        assertThatThrownBy(() -> ben.version("tumor@7").require())
                .isInstanceOf(NotFoundException.class)
                .hasMessage("No version tumor@7: the latest version of tumor is 1");
        assertThatThrownBy(() -> ben.version("nothing@1").require())
                .isInstanceOf(NotFoundException.class)
                .hasMessage("No version nothing@1: nothing has no versions");
        assertThatThrownBy(() -> ben.version("tumor@v9").require())
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no version of tumor has the label v9");
        assertThatThrownBy(() -> ben.resolve("tumor:production"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("tumor:production serves nothing: nothing was ever promoted there");
    }

    @Test
    void promotionIsSeenByOtherClientsAtOnceWhenTheyAskStrongly() {
        registerThree();

        ada.model("tumor").environment("production").promote(2, "better");

        assertThat(served(ben)).isEqualTo(2);
        assertThat(ben.resolve("tumor:production").version().number()).isEqualTo(2);
    }

    @Test
    void theSecondOfTwoReleasersIsToldWhoWasFaster() {
        registerThree();
        Environment adas = ada.model("tumor").environment("production");
        Environment bens = ben.model("tumor").environment("production");
        adas.promote(1, "start");
        bens.current();

        adas.promote(2, "ada's choice");

        assertThatThrownBy(() -> bens.promote(3, "ben's choice"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining(
                        "revision 1 was expected, but since then ada made it serve version 2 (revision 2, ")
                .hasMessageContaining("\"ada's choice\")");
        assertThat(served(ada)).isEqualTo(2);
        assertThat(bens.current()).isPresent();
        bens.promote(3, "ben looked and still wants it");
        assertThat(served(ada)).isEqualTo(3);
    }

    @Test
    void anExpectationIsACompareAndSet() {
        registerThree();
        Environment production = ada.model("tumor").environment("production");
        var first = production.promote(1, "start");
        production.promote(2, "next");

        assertThatThrownBy(() -> ben.model("tumor")
                        .environment("production")
                        .promote(Promotion.of(3, "late").expecting(first.revision())))
                .isInstanceOf(ConflictException.class);
        assertThat(served(ben)).isEqualTo(2);
    }

    @Test
    void rollbackRestoresTheEarlierRolloutExactlyAndCanBeRolledBackItself() {
        registerThree();
        Environment production = ada.model("tumor").environment("production");
        production.promote(1, "start");
        production.promote(2, "bad idea");

        assertThat(production.rollback("worse").rollout()).contains(Rollout.of(1));
        assertThat(served(ben)).isEqualTo(1);
        assertThat(production.rollback("not so bad").rollout()).contains(Rollout.of(2));
    }

    @Test
    void rollbackSkipsWhatWasRejectedSince() {
        registerThree();
        Environment production = ada.model("tumor").environment("production");
        production.promote(1, "start");
        production.promote(2, "next");
        production.promote(3, "newest");
        ben.version("tumor@2").submit("please");
        ben.version("tumor@2").reject("fails on slice sex=female");

        assertThat(production.rollback("worse").rollout()).contains(Rollout.of(1));
    }

    @Test
    void withoutAnythingEarlierThereIsNothingToRollBackTo() {
        registerThree();
        ada.model("tumor").environment("production").promote(1, "start");

        assertThatThrownBy(() -> ada.model("tumor").environment("production").rollback("worse"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Cannot roll back tumor:production: it has served nothing else");
    }

    @Test
    void aWithdrawnEnvironmentServesNothing() {
        registerThree();
        Environment production = ada.model("tumor").environment("production");
        production.promote(1, "start");

        production.withdraw("recall");

        assertThatThrownBy(() -> ben.resolve("tumor:production"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("what it served was withdrawn by ada");
    }

    @Test
    void thePastIsAnswerable() {
        registerThree();
        Environment production = ada.model("tumor").environment("production");
        Instant before = Instant.EPOCH;
        production.promote(1, "start");
        production.promote(2, "next");
        production.promote(3, "newest");
        var history = production.history();

        assertThat(history)
                .extracting(d -> d.rollout().orElseThrow().describe())
                .containsExactly("1", "2", "3");
        ServedAt then = production.asOf(before);
        assertThat(then.rollout()).isEmpty();
        assertThat(then.certainty()).isEqualTo(Certainty.PINNED);
        ServedAt last =
                ben.model("tumor").environment("production").asOf(history.get(2).at());
        assertThat(last.rollout()).contains(Rollout.of(3));
        assertThat(last.certainty()).isEqualTo(Certainty.PROVISIONAL);
    }

    @Test
    void whereAVersionStoodIsAnswerable() {
        registerThree();
        ben.version("tumor@1").submit("please");
        ada.version("tumor@1").approve("fine");
        Instant approved = ada.model("tumor").history().get(5).at();

        StateAt before = ben.version("tumor@1").stateAsOf(Instant.EPOCH);

        assertThat(before.state()).isEmpty();
        assertThat(before.certainty()).isEqualTo(Certainty.PINNED);
        assertThat(ben.version("tumor@1").stateAsOf(approved).state()).contains(LifecycleState.APPROVED);
    }

    @Test
    void aReceiptLeadsBackToWhatWasServed() {
        registerThree();
        ada.model("tumor").environment("production").promote(2, "better on hospital-b");
        String receipt = ben.resolve("tumor:production").receipt().toString();
        ada.model("tumor").environment("production").promote(3, "next");

        Reproduction found = ben.reproduce(receipt);

        assertThat(found.missing()).isEmpty();
        assertThat(found.version().orElseThrow().id()).hasToString("tumor@2");
        assertThat(found.deployment().orElseThrow().reason()).isEqualTo("better on hospital-b");
        assertThat(found.download().file("model.bin")).hasContent("two");
    }

    @Test
    void onlyWhatIsRegisteredAndNotRejectedOrRetiredCanBePromoted() {
        registerThree();
        ben.version("tumor@1").submit("please");
        ben.version("tumor@1").reject("overfitted");
        ben.version("tumor@2").retire("superseded");
        Environment production = ada.model("tumor").environment("production");

        assertThatThrownBy(() -> production.promote(1, "anyway"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Cannot promote to tumor:production: tumor@1 is REJECTED");
        assertThatThrownBy(() -> production.promote(2, "anyway"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("tumor@2 is RETIRED");
        assertThatThrownBy(() -> production.promote(9, "anyway"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("No version tumor@9: the latest version of tumor is 3");
    }

    @Test
    void whatIsServedCannotBeRetired() {
        registerThree();
        ada.model("tumor").environment("staging").promote(1, "try");

        assertThatThrownBy(() -> ben.version("tumor@1").retire("superseded"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("Cannot retire tumor@1: environment staging serves it");
        assertThat(ada.version("tumor@1").state()).isEqualTo(LifecycleState.CANDIDATE);
        ada.model("tumor").environment("staging").promote(2, "try the next");
        assertThat(ben.version("tumor@1").retire("superseded")).isEqualTo(LifecycleState.RETIRED);
    }

    @Test
    void aVersionIsReviewedStepByStep() {
        registerThree();

        assertThat(ada.version("tumor@1").state()).isEqualTo(LifecycleState.CANDIDATE);
        assertThat(ada.version("tumor@1").submit("please")).isEqualTo(LifecycleState.IN_REVIEW);
        assertThat(ben.version("tumor@1").state()).isEqualTo(LifecycleState.IN_REVIEW);
        assertThat(ben.version("tumor@1").approve("looks right")).isEqualTo(LifecycleState.APPROVED);
        assertThat(ben.version("tumor@1").deprecate("drift")).isEqualTo(LifecycleState.DEPRECATED);
        assertThat(ben.version("tumor@1").reinstate("false alarm")).isEqualTo(LifecycleState.APPROVED);
        assertThatThrownBy(() -> ben.version("tumor@1").approve("again"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "Cannot APPROVE tumor@1: it is APPROVED, from where it may only [DEPRECATE, BEGIN_RETIREMENT]");
    }

    @Test
    void comparisonTakesLaterEvaluationsIntoAccount() {
        ada.model("tumor")
                .register(
                        model("one").metric(Metric.higherIsBetter("auc", 0.90)).parameter("epochs", 1));
        ada.model("tumor")
                .register(
                        model("two").metric(Metric.higherIsBetter("auc", 0.95)).parameter("epochs", 20));
        ben.version("tumor@1").evaluate(Evaluation.of("external data", Metric.lowerIsBetter("loss", 0.5)));
        ben.version("tumor@2").evaluate(Evaluation.of("external data", Metric.lowerIsBetter("loss", 0.7)));

        var comparison = ben.compare("tumor@1", "tumor@2");

        assertThat(comparison.metric("auc").orElseThrow().verdict()).isEqualTo(Verdict.BETTER);
        assertThat(comparison.metric("loss").orElseThrow().verdict()).isEqualTo(Verdict.WORSE);
        assertThat(comparison.toText()).contains("parameter epochs", "model.bin");
    }

    @Test
    void theHistoryTellsWhoDidWhatWhenAndWhyInOneOrder() {
        ada.model("tumor").register(model("one").reason("baseline").label("v1.0"));
        ben.version("tumor@1").submit("please look");
        ada.version("tumor@1").approve("fine");
        ben.model("tumor").environment("production").promote(1, "go live");

        List<AuditEvent> history = ada.model("tumor").history();

        assertThat(history)
                .extracting(e -> e.actor() + " " + e.what() + " " + e.subject() + ": " + e.reason())
                .containsExactly(
                        "ada claim tumor: first registration",
                        "ada register tumor@1: baseline",
                        "ada claim label v1.0: registered as v1.0",
                        "ben submit tumor@1: please look",
                        "ada approve tumor@1: fine",
                        "ben promote production: go live");
        assertThat(history).extracting(AuditEvent::at).isSorted();
    }

    @Test
    void theFeedTellsEveryEntryOnceAcrossPagesAndRestarts() {
        registerThree();
        ben.version("tumor@1").submit("please");
        ada.model("tumor").environment("production").promote(1, "start");
        List<AuditEvent> told = new ArrayList<>();
        Changes page = ben.changes(Position.beginning(), 2);
        told.addAll(page.events());
        ada.version("tumor@1").approve("fine");
        while (page.more()) {
            page = ada.changes(Position.parse(page.next().toString()), 2);
            told.addAll(page.events());
        }

        assertThat(told)
                .extracting(e -> e.revision().toString())
                .containsExactlyInAnyOrderElementsOf(ada.model("tumor").history().stream()
                        .map(e -> e.revision().toString())
                        .toList());
        assertThat(page.damaged()).isEmpty();
        assertThat(ada.changes(page.next()).events()).isEmpty();
        assertThat(ben.position()).isEqualTo(page.next());
    }

    @Test
    void anErasedNoteIsGoneAndTheTrailSaysWhoErasedItAndWhy() {
        registerThree();
        NoteId kept = ada.version("tumor@1").addNote("Fails on scans of device 7");
        NoteId erased = ada.version("tumor@1").addNote("Mrs Curie disagrees");

        ben.version("tumor@1").eraseNote(erased, "she asked for it");
        ben.version("tumor@1").eraseNote(erased, "once more");

        List<Note> notes = ada.version("tumor@1").notes();
        assertThat(notes).extracting(Note::id).containsExactly(kept, erased);
        assertThat(notes.get(0).text()).contains("Fails on scans of device 7");
        assertThat(notes.get(1).text()).isEmpty();
        assertThat(notes.get(1).erased().orElseThrow().by().id()).isEqualTo("ben");
        assertThat(notes.get(1).erased().orElseThrow().reason()).isEqualTo("she asked for it");
        assertThat(ada.model("tumor").history())
                .extracting(e -> e.actor() + " " + e.what() + " " + e.subject())
                .containsSubsequence("ada add-note tumor@1", "ada add-note tumor@1", "ben erase-note tumor@1");
        var verification = ben.verify();
        assertThat(verification.isClean()).isTrue();
        assertThat(verification.toText())
                .contains("notes/tumor/" + erased + ": it was erased")
                .doesNotContain("WARNING");
    }

    @Test
    void aCopyOfAnotherRegistrysVersionCarriesItsEvidenceAndCitesIt() {
        try (ModelRegistry development = ModelRegistry.on(new MemoryStore(host()).open(), options(), host())
                .as("trainer")) {
            development.model("tumor").register(model("one").label("v1.0").metric(Metric.higherIsBetter("auc", 0.9)));
            development.version("tumor@1").evaluate(Evaluation.of("external", Metric.lowerIsBetter("loss", 0.5)));
            development
                    .version("tumor@1")
                    .assess(Evaluation.of("board", Metric.higherIsBetter("f1", 0.8))
                            .attest(Attestation.of("validated")));
            development.version("tumor@1").submit("please");
            development.version("tumor@1").approve("sound");

            ModelVersion copy = ada.model("tumor").copyFrom(development.version("tumor@v1.0"), "release 7");
            ModelVersion again = ben.model("tumor").copyFrom(development.version("tumor@1"), "release 7");

            assertThat(again).isEqualTo(copy);
            assertThat(ben.version("tumor@v1.0").metrics()).hasSize(2);
            assertThat(ben.version("tumor@1").download().file("model.bin")).hasContent("one");
            assertThat(copy.provenance().copiedFrom())
                    .isEqualTo(development.version("tumor@1").citation());
            ben.version("tumor@1").verifyOrigin(development);
            assertThat(ben.version("tumor@1").evidence())
                    .extracting(event -> event.actor() + " " + event.what() + ": " + event.reason())
                    .containsExactly("trainer assess: board", "trainer submit: please", "trainer approve: sound");
            assertThat(ben.version("tumor@1").state()).isEqualTo(LifecycleState.CANDIDATE);
            assertThat(ben.verify().findings()).isEmpty();
        }
    }

    @Test
    void anArchivedModelTakesNoVersionsAndServesOn() {
        registerThree();
        ada.model("tumor").environment("production").promote(2, "start");

        ben.model("tumor").transfer(List.of(Actor.of("team-b")), "handed over");
        ben.model("tumor").archive("superseded by lung");

        ModelRegistry other = client("cem");
        assertThat(other.model("tumor").info().orElseThrow())
                .isEqualTo(new ModelInfo(ModelName.of("tumor"), List.of(Actor.of("team-b")), true));
        assertThatThrownBy(() -> other.model("tumor").register(model("four")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Cannot register a version of tumor: it is archived (models/tumor#3). Restore it first;"
                        + " nothing was written");
        assertThat(other.resolve("tumor:production").version().number()).isEqualTo(2);
        other.model("tumor").restore("needed after all");
        assertThat(other.model("tumor").register(model("four")).number()).isEqualTo(4);
        assertThat(ben.verify().findings()).isEmpty();
    }

    @Test
    void modelsAndEnvironmentsAreListedByName() {
        ada.model("tumor").register(model("one"));
        ada.model("anaemia").register(model("one"));
        ada.model("tumor").environment("staging").promote(1, "try");

        assertThat(ben.models()).containsExactly(ModelName.of("anaemia"), ModelName.of("tumor"));
        assertThat(ben.environments()).extracting(Object::toString).containsExactly("staging");
    }

    @Test
    void aWriteWithoutAnActorIsRefused() {
        ModelRegistry nobody = track(ModelRegistry.on(open(host()), options(), host()));

        assertThatThrownBy(() -> nobody.model("tumor").register(model("one")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("A write needs an actor");
        assertThat(nobody.model("tumor").latest()).isEmpty();
    }

    @Test
    void aRichRegistryVerifiesClean() {
        registerThree();
        Model tumor = ada.model("tumor");
        tumor.register(model("four").label("v4"));
        tumor.environment("production").promote(1, "start");
        tumor.environment("production").promote(4, "next");
        tumor.environment("production").rollback("worse");
        ada.version("tumor@2").retire("never used");

        var verification = ben.verify();

        assertThat(verification.toText()).startsWith("clean: ").doesNotContain("WARNING");
        assertThat(verification.versions()).isEqualTo(4);
    }

    @Test
    void aPolicyDecidesWhatIsApprovedAndServed() {
        registerThree();
        ada.policy()
                .set(
                        Policy.none()
                                .role(Role.releaser("production"), "ben")
                                .reviews(ReviewRules.none().approvals(2).byOthersThanTheRegistrant())
                                .environment(
                                        "production",
                                        EnvironmentRules.none()
                                                .states(LifecycleState.APPROVED)
                                                .metric(MetricRule.atLeast("auc", 0.9)
                                                        .assessed())
                                                .attestation("validated")),
                        "clinical use");
        ModelRegistry cleo = client("cleo");
        ada.version("tumor@1").submit("please");

        assertThatThrownBy(() -> ada.model("tumor").environment("production").promote(1, "go"))
                .isInstanceOfSatisfying(
                        RulesUnmetException.class,
                        refusal -> assertThat(refusal.unmet())
                                .extracting(UnmetRule::rule)
                                .containsExactly(Rule.ROLE, Rule.STATE, Rule.ATTESTATION, Rule.METRIC));
        assertThatThrownBy(() -> ada.version("tumor@1").approve("mine")).isInstanceOf(RulesUnmetException.class);
        assertThat(ben.version("tumor@1").approve("sound")).isEqualTo(LifecycleState.IN_REVIEW);
        assertThat(cleo.version("tumor@1").approve("sound")).isEqualTo(LifecycleState.APPROVED);
        cleo.version("tumor@1")
                .assess(Evaluation.of("board", Metric.higherIsBetter("auc", 0.95))
                        .attest(Attestation.of("validated")));
        ben.model("tumor").environment("production").promote(1, "go");

        assertThat(ben.version("tumor@1").review().approvals()).hasSize(2);
        assertThat(ada.policy().history()).hasSize(1);
        assertThat(ada.verify().errors()).isEmpty();
    }

    @Test
    void aPreviewWritesNothing() {
        registerThree();

        Preview preview = ada.preview(trial -> {
            trial.model("tumor").register(model("four"));
            trial.model("tumor").environment("production").promote(4, "go");
        });

        assertThat(preview.isPossible()).isTrue();
        assertThat(preview.changes()).extracting(AuditEvent::what).containsExactly("register", "promote");
        assertThat(ben.version("tumor@4").find()).isEmpty();
        assertThat(ben.model("tumor").environment("production").current()).isEmpty();
        assertThat(ada.verify().errors()).isEmpty();
    }

    @Test
    void afterClosingEverythingSaysSo() {
        Model tumor = ada.model("tumor");
        ada.close();
        ada.close();

        assertThatThrownBy(() -> tumor.register(model("one")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
        assertThatThrownBy(() -> ada.resolve("tumor@1")).isInstanceOf(IllegalStateException.class);
    }

    private void registerThree() {
        for (String weights : List.of("one", "two", "three")) {
            ada.model("tumor").register(model(weights));
        }
    }

    private long served(ModelRegistry registry) {
        return registry.model("tumor")
                .environment("production")
                .resolve(Consistency.STRONG)
                .version()
                .number();
    }

    private static Registration model(String weights) {
        return Registration.empty().file("model.bin", bytes(weights));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A client of its own of the store of the current test; closed with it. */
    @Override
    public final ModelRegistry client(String actor) {
        return track(ModelRegistry.on(open(host()), options(), host())).as(actor);
    }

    private RegistryOptions options() {
        return RegistryOptions.defaults().withCacheFolder(scratch.resolve("cache"));
    }

    private ModelRegistry track(ModelRegistry registry) {
        opened.add(registry);
        return registry;
    }
}
