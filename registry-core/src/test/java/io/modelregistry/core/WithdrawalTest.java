package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.ConflictException;
import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.Operation;
import io.modelregistry.testkit.SimulatedCrash;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a promotion does when its version is being retired, or is retired, once it has written its entry. */
class WithdrawalTest {
    private static final String STREAM = "environments/production/tumor";

    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ben;
    private Environment production;

    @BeforeEach
    void serveTheSecondOfTwoVersions() {
        rig = new Rig(cache);
        ben = rig.client("ben");
        ben.model("tumor").register(model("one"));
        ben.model("tumor").register(model("two"));
        production = ben.model("tumor").environment("production");
        production.promote(2, "start");
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({"RETIRING, RETIRING", "RETIRING, RETIRED", "RETIRED, RETIRING", "RETIRED, RETIRED"})
    void nothingIsServedWhenWhatWouldBeRestoredIsRetiredAsWell(LifecycleState promoted, LifecycleState restored) {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(call -> {
            if (call.operation() == Operation.CREATE && call.key().equals(STREAM + "/0000000002.json")) {
                retire(1, promoted);
            } else if (call.operation() == Operation.CREATE && call.key().equals(STREAM + "/0000000003.json")) {
                retire(2, restored);
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() ->
                        ada.registry().model("tumor").environment("production").promote(1, "go"))
                .isInstanceOf(ConflictException.class)
                .hasMessage("tumor@1 was retired while tumor:production took it up; the change " + STREAM
                        + "#2 was withdrawn");

        assertThat(production.history())
                .extracting(Deployment::served)
                .containsExactly(Rollout.of(2), Rollout.of(1), Rollout.of(2), null);
        assertThat(production.history())
                .extracting(Deployment::reason)
                .containsExactly("start", "go", "tumor@1 is retired", "retired as well");
        assertThat(ben.verify().findings()).isEmpty();
    }

    @Test
    void whatWouldBeRestoredIsNotIfItIsRetiredAlready() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(call -> {
            if (call.operation() == Operation.CREATE && call.key().equals(STREAM + "/0000000002.json")) {
                retire(1, LifecycleState.RETIRED);
                retire(2, LifecycleState.RETIRING);
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() ->
                        ada.registry().model("tumor").environment("production").promote(1, "go"))
                .isInstanceOf(ConflictException.class);

        assertThat(production.history())
                .extracting(Deployment::served)
                .containsExactly(Rollout.of(2), Rollout.of(1), null);
    }

    /** Retires a version that nothing serves yet, or dies between the two halves of it. */
    private void retire(long version, LifecycleState half) {
        if (half == LifecycleState.RETIRED) {
            assertThat(ben.version("tumor@" + version).retire("superseded")).isEqualTo(LifecycleState.RETIRED);
            return;
        }
        Rig.Faulty eve = rig.faulty("eve");
        eve.faults().set(FaultPlan.onceOn(Operation.LIST, "environments/", 1, Fault.CRASH_BEFORE));
        assertThatThrownBy(() -> eve.registry().version("tumor@" + version).retire("superseded"))
                .isInstanceOf(SimulatedCrash.class);
    }
}
