package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.Operation;
import java.nio.file.Path;
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
                .hasMessageStartingWith("tumor@3 is registered; whether the label v3 names it is not known: ")
                .hasMessageEndingWith(". Don't register it again: it has no request id");
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
