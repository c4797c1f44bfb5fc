package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Environment;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.LabelTakenException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.Outcome;
import io.modelregistry.OutcomeToken;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases that a careful reading found: each was wrong once, or looked as if it could be. */
class HardCasesTest {
    private static final String ENTRY_3 = "versions/tumor/0000000003.json";

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
    void aHoleIsNotFilledByAWriterWhoseKnowledgeIsOld() {
        ModelRegistry ben = rig.client("ben");
        ben.model("tumor").latest();
        ada.model("tumor").register(model("three"));
        ada.model("tumor").register(model("four"));
        rig.store.remove(ENTRY_3);

        assertThatThrownBy(() -> ben.model("tumor").register(model("five")))
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.key()).isEqualTo(ENTRY_3));
        assertThat(rig.store.bytes(ENTRY_3)).isEmpty();
    }

    @Test
    void nothingIsAppendedBeyondAHoleThatGallopingWouldStepOver() {
        for (int i = 3; i <= 10; i++) {
            ada.model("tumor").register(model("weights " + i));
        }
        rig.store.remove(ENTRY_3);
        rig.store.remove("hints/versions/tumor.json");

        assertThatThrownBy(() -> rig.client("ben").model("tumor").register(model("eleven")))
                .isInstanceOfSatisfying(IntegrityException.class, e -> {
                    assertThat(e.damage()).isEqualTo(Damage.MISSING_ENTRY);
                    assertThat(e.key()).isEqualTo(ENTRY_3);
                });
    }

    @Test
    void anExpectationNewerThanWhatThisProcessKnowsIsNoConflict() {
        ModelRegistry ben = rig.client("ben");
        ben.model("tumor").environment("production").promote(1, "start");
        Deployment newest = ada.model("tumor").environment("production").promote(2, "next");

        Deployment bens = ben.model("tumor")
                .environment("production")
                .promote(Promotion.of(1, "back").expecting(newest.revision()));

        assertThat(bens.revision().sequence()).isEqualTo(3);
    }

    @Test
    void boundedReadsGoOnPollingAfterALongOutage() {
        Environment production = ada.model("tumor").environment("production");
        production.promote(1, "start");
        Rig.Faulty serving = rig.faulty("serving");
        serving.registry().resolve("tumor:production");
        serving.faults().set(FaultPlan.everyTimeOn(Operation.GET, ".*", Fault.UNAVAILABLE));
        rig.host.advance(Duration.ofHours(10));
        serving.registry().resolve("tumor:production");
        serving.faults().set(FaultPlan.none());
        serving.registry().model("tumor").environment("production").resolve(Consistency.STRONG);
        production.promote(2, "next");
        rig.host.advance(Duration.ofMinutes(1));

        assertThat(serving.registry().resolve("tumor:production").version().number())
                .isEqualTo(2);
    }

    @Test
    void aLabelThatCannotBeClaimedDoesNotHideThatTheVersionStands() {
        Rig.Faulty ben = rig.faulty("ben");
        ben.faults().set(FaultPlan.everyTimeOn(Operation.CREATE, "labels/.*", Fault.UNAVAILABLE));
        Registration registration = model("three").label("v3").request("job-3");

        assertThatThrownBy(() -> ben.registry().model("tumor").register(registration))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class,
                        e -> assertThat(ada.outcome(e.token())).isEqualTo(Outcome.COMMITTED))
                .hasMessageContaining(
                        "tumor@3 is registered; whether the label v3 names it is not known, because its claim failed"
                                + " (see labels/tumor/v3 and the cause)."
                                + " Repeat")
                .hasMessageNotContaining("othing was written")
                .hasMessageContaining("Repeat the registration with the request id job-3 to claim the label");
        assertThat(ada.model("tumor").register(registration).number()).isEqualTo(3);
        assertThat(ada.version("tumor@v3").id()).hasToString("tumor@3");
    }

    @Test
    void aLabelThatAnotherTakesJustBeforeItsClaimIsAnothers() {
        Rig.Faulty ben = rig.faulty("ben");
        AtomicBoolean taken = new AtomicBoolean();
        ben.faults().set(call -> {
            if (call.key().startsWith("labels/")
                    && call.operation() == Operation.CREATE
                    && taken.compareAndSet(false, true)) {
                ada.model("tumor").register(model("theirs").label("v3"));
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() ->
                        ben.registry().model("tumor").register(model("ours").label("v3")))
                .isInstanceOf(LabelTakenException.class);

        assertThat(ada.version("tumor@v3").id()).hasToString("tumor@4");
    }

    @Test
    void aRepeatedRequestWithALabelReturnsTheFirstOutcomeWhateverThisProcessKnew() {
        ModelRegistry ben = rig.client("ben");
        ben.model("tumor").latest();
        Registration registration = model("three").label("v3").request("job-3");
        ada.model("tumor").register(registration);

        assertThat(ben.model("tumor").register(registration).number()).isEqualTo(3);
    }

    @Test
    void aSubmissionThatRacedWithAnAbandonedRetirementIsStillToBeJudged() {
        ada.model("tumor").environment("production").promote(1, "start");
        Rig.Faulty ben = rig.faulty("ben");
        ModelRegistry carla = rig.client("carla");
        carla.version("tumor@1").state();
        AtomicBoolean done = new AtomicBoolean();
        ben.faults().set(call -> {
            boolean first = call.operation() == Operation.CREATE && call.key().startsWith("reviews/");
            if (first && done.compareAndSet(false, true)) {
                carla.version("tumor@1").submit("please");
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() -> ben.registry().version("tumor@1").retire("superseded"))
                .hasMessageContaining("environment production serves it");

        assertThat(ada.version("tumor@1").state()).isEqualTo(LifecycleState.IN_REVIEW);
        assertThat(ada.version("tumor@1").approve("fine")).isEqualTo(LifecycleState.APPROVED);
    }

    @Test
    void aWithdrawnPromotionDoesNotBringBackWhatWasRetired() {
        ada.model("tumor").environment("production").promote(2, "start");
        ModelRegistry ben = rig.client("ben");
        Rig.Faulty carla = rig.faulty("carla");
        AtomicBoolean done = new AtomicBoolean();
        carla.faults().set(call -> {
            boolean create = call.operation() == Operation.CREATE && call.key().startsWith("environments/");
            if (create && done.compareAndSet(false, true)) {
                ben.version("tumor@1").retire("superseded");
                // whatever led there: what was served before may not be served any more either
                ben.version("tumor@2").submit("please");
                ben.version("tumor@2").reject("recalled");
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() -> carla.registry()
                        .model("tumor")
                        .environment("production")
                        .promote(1, "go"))
                .hasMessageContaining("tumor@1 was retired while tumor:production took it up");

        assertThatThrownBy(() -> ada.model("tumor").environment("production").resolve(Consistency.STRONG))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("was withdrawn by carla");
    }

    @Test
    void anEntryThatIsWholeButMakesNoSenseIsDamageWithAName() {
        ada.model("tumor").environment("production").promote(1, "start");
        String key = "environments/production/tumor/0000000001.json";
        String text = new String(rig.store.bytes(key).orElseThrow(), StandardCharsets.UTF_8);
        String line = text.substring(0, text.indexOf('\n')).replace("\"weight\":10000", "\"weight\":9999");
        rig.store.put(key, SelfVerifying.seal(line.getBytes(StandardCharsets.UTF_8)));

        assertThatThrownBy(() -> rig.client("ben").resolve("tumor:production"))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(
                        "The entry " + key + " is whole, but does not say what an entry of its stream must say")
                .hasMessageContaining("add up to 10,000 basis points, not 9999");
        assertThat(rig.client("carla").verify().errors())
                .anySatisfy(finding -> assertThat(finding.key()).isEqualTo(key));
    }

    @Test
    void aRecordTooLargeForAnEntryIsRefusedBeforeAnythingIsUploaded() {
        Registration large = model("three");
        for (int i = 0; i < 999; i++) {
            large = large.parameter("parameter " + i, "x".repeat(1_000));
        }
        Registration tooLarge = large.metrics(java.util.stream.IntStream.range(0, 1_000)
                .mapToObj(i -> Metric.higherIsBetter("metric " + i, 0.5).on("a dataset with a long name ".repeat(3)))
                .toList());
        int keys = rig.store.keys().size();

        assertThatThrownBy(() -> ada.model("tumor").register(tooLarge))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Put long texts and tables into a file of the artifact. Nothing was written");
        assertThat(rig.store.keys()).hasSize(keys);
    }

    @Test
    void aVersionThatIsCitedAndGoneIsNotTakenForUnknown() {
        ada.model("tumor").environment("production").promote(2, "start");
        rig.store.remove("versions/tumor/0000000002.json");
        ModelRegistry ben = rig.client("ben");
        assertThat(ben.model("tumor").environment("production").current()).isPresent();

        assertThatThrownBy(() -> ben.model("tumor").version(2).find())
                .isInstanceOfSatisfying(IntegrityException.class, e -> {
                    assertThat(e.damage()).isEqualTo(Damage.TAMPERED);
                    assertThat(e.key()).isEqualTo("versions/tumor/0000000002.json");
                });
        assertThat(ben.model("tumor").version(3).find()).isEmpty();
    }

    @Test
    void aTokenThatNamesNoPlaceIsRefused() {
        for (OutcomeToken token : java.util.List.of(
                new OutcomeToken("versions/Tumor", 1, "c", null),
                new OutcomeToken("", 1, "c", null),
                new OutcomeToken("../etc", 1, "c", null),
                new OutcomeToken("versions/tumor", 0, "c", null),
                new OutcomeToken("versions/tumor", Long.MAX_VALUE, "c", null))) {
            assertThatThrownBy(() -> ada.outcome(token))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("Not the token of an operation: it names entry " + token.slot() + " of \""
                            + token.stream() + "\"");
        }
    }

    @Test
    void strayFoldersAmongTheEnvironmentsDoNotStopARetirement() {
        rig.store.put("environments/backup-/old.txt", new byte[] {1});

        assertThat(ada.version("tumor@1").retire("superseded")).isEqualTo(LifecycleState.RETIRED);
        assertThat(ada.verify().findings())
                .anySatisfy(f -> assertThat(f.key()).isEqualTo("environments/backup-/old.txt"));
    }
}
