package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Actor;
import io.modelregistry.ConflictException;
import io.modelregistry.Environment;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.Revision;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EntryCodec;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.ServedAt.Certainty;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change of an environment is refused for, and what it says then. */
class PromotionTest {
    private static final String STREAM = "environments/production/tumor";

    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ada;
    private Environment production;

    @BeforeEach
    void registerThreeVersions() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        for (String weights : List.of("one", "two", "three")) {
            ada.model("tumor").register(model(weights));
        }
        production = ada.model("tumor").environment("production");
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void underAPolicyOfANewerReleaseNothingIsPromotedOrRolledBack() {
        production.promote(1, "start");
        production.promote(2, "next");
        writePolicy();

        assertThatThrownBy(() -> production.promote(3, "go"))
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessage("This registry has a policy which this release can't check."
                        + " Upgrade the library; nothing was written");
        assertThatThrownBy(() -> production.rollback("worse")).isInstanceOf(UpgradeRequiredException.class);

        assertThat(production.history()).hasSize(2);
        assertThat(production.withdraw("stop").rollout()).isEmpty();
    }

    @Test
    void anExpectationOfAnEnvironmentThatNeverServedAnythingIsAConflict() {
        Promotion promotion = Promotion.of(1, "start").expecting(new Revision(STREAM, 1));

        assertThatThrownBy(() -> production.promote(promotion))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.actual()).isNull())
                .hasMessage("Cannot change tumor:production: revision 1 was expected, but it has no revision yet."
                        + " Nothing was written");

        assertThat(production.history()).isEmpty();
    }

    @Test
    void aConflictNamesWhoChangedWhatWhenAndWhyIfThatWasSaid() {
        Deployment first = production.promote(1, "start");
        Environment bens = rig.client("ben").model("tumor").environment("production");
        bens.promote(Promotion.of(2, ""));

        assertThatThrownBy(() -> production.promote(Promotion.of(3, "go").expecting(first.revision())))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.actual()).isEqualTo(new Revision(STREAM, 2)))
                .hasMessage("Cannot change tumor:production: revision 1 was expected, but since then ben made it serve"
                        + " version 2 (revision 2, 2026-01-01T00:00:00Z). Nothing was written");
        bens.withdraw("broken");
        assertThatThrownBy(() -> production.promote(Promotion.of(3, "go").expecting(first.revision())))
                .hasMessageContaining("ben made it serve nothing (revision 3, ")
                .hasMessageEndingWith(", \"broken\"). Nothing was written");
    }

    @Test
    void withoutAnExpectationItIsThePresentThatCountsWhateverThisProcessKnew() {
        production.promote(1, "start");
        ModelRegistry ben = rig.client("ben");
        ben.resolve("tumor:production");
        production.promote(2, "next");

        Deployment bens = ben.model("tumor").environment("production").promote(3, "go");

        assertThat(bens.revision()).isEqualTo(new Revision(STREAM, 3));
    }

    @Test
    void theFirstPromotionOfAllIsWithdrawnToNothingWhenItsVersionWasRetiredMeanwhile() {
        Environment bens = retiringTheFirstVersionBeforeItsCreate();

        assertThatThrownBy(() -> bens.promote(1, "go"))
                .isInstanceOf(ConflictException.class)
                .hasMessage("tumor@1 was retired while tumor:production took it up; the change " + STREAM
                        + "#1 was withdrawn");

        assertThat(production.history()).extracting(Deployment::served).containsExactly(Rollout.of(1), null);
    }

    @Test
    void aRollbackIsWithdrawnWhenItsVersionWasRetiredMeanwhile() {
        production.promote(1, "start");
        production.promote(2, "next");
        Environment bens = retiringTheFirstVersionBeforeItsCreate();

        assertThatThrownBy(() -> bens.rollback("worse"))
                .isInstanceOf(ConflictException.class)
                .hasMessage("tumor@1 was retired while tumor:production took it up; the change " + STREAM
                        + "#3 was withdrawn");

        assertThat(production.history())
                .extracting(Deployment::served)
                .containsExactly(Rollout.of(1), Rollout.of(2), Rollout.of(1), Rollout.of(2));
    }

    /** Another client's environment; version 1 is retired just before it creates its first entry. */
    private Environment retiringTheFirstVersionBeforeItsCreate() {
        Rig.Faulty ben = rig.faulty("ben");
        AtomicBoolean done = new AtomicBoolean();
        ben.faults().set(call -> {
            boolean create = call.operation() == Operation.CREATE && call.key().startsWith("environments/");
            if (create && done.compareAndSet(false, true)) {
                ada.version("tumor@1").retire("superseded");
            }
            return Fault.NONE;
        });
        return ben.registry().model("tumor").environment("production");
    }

    @Test
    void aRollbackAndAWithdrawalHoldForWhatTheirCallerSaw() {
        production.promote(1, "start");
        production.promote(2, "next");
        rig.client("ben").model("tumor").environment("production").promote(3, "go");

        assertThatThrownBy(() -> production.rollback("worse"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("revision 2 was expected, but since then ben made it serve version 3");
        assertThatThrownBy(() -> production.withdraw("worse"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("revision 2 was expected, but since then ben made it serve version 3");

        assertThat(rig.client("carla").resolve("tumor:production").version().number())
                .isEqualTo(3);
    }

    @Test
    void whereNothingIsServedNothingIsWithdrawn() {
        assertThatThrownBy(() -> production.withdraw("stop"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Cannot withdraw from tumor:production: it serves nothing. Nothing was written");
        production.promote(1, "start");
        production.withdraw("stop");

        assertThatThrownBy(() -> production.withdraw("stop")).isInstanceOf(InvalidRequestException.class);

        assertThat(production.history()).hasSize(2);
    }

    @Test
    void aRollbackPassesOverWhatIsAdvisedAgainst() {
        production.promote(1, "start");
        ada.version("tumor@2").submit("please");
        ada.version("tumor@2").approve("fine");
        production.promote(2, "next");
        ada.version("tumor@2").deprecate("drifts");
        production.promote(3, "go");

        assertThat(production.rollback("worse").rollout()).contains(Rollout.of(1));
    }

    @Test
    void whatNeverServedAnythingDidNotInThePastEither() {
        assertThat(production.asOf(rig.host.now()).deployment()).isEmpty();
        assertThat(production.asOf(rig.host.now()).certainty()).isEqualTo(Certainty.PROVISIONAL);
        assertThat(production.asOf(rig.host.now().minus(Duration.ofHours(2))).certainty())
                .isEqualTo(Certainty.SETTLED);
    }

    @Test
    void aQuestionAboutThePastThatNeedsAMissingEntryNamesIt() {
        Instant start = rig.host.now();
        for (int version = 1; version <= 3; version++) {
            rig.host.advance(Duration.ofMinutes(1));
            production.promote(version, "next");
        }
        rig.store.remove(STREAM + "/0000000001.json");

        assertThatThrownBy(() -> production.asOf(start.plus(Duration.ofSeconds(90))))
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.MISSING_ENTRY))
                .hasMessageStartingWith("The entry " + STREAM + "/0000000001.json is missing");
    }

    /** An entry that this release doesn't write; what it says doesn't matter. */
    private void writePolicy() {
        Json.Obj any = Json.object().put("type", "change").build();
        Entry policy = new Entry(
                registry(),
                KeyLayout.POLICY,
                "p1",
                1,
                null,
                "p1",
                null,
                rig.host.now(),
                Actor.of("admin"),
                "",
                Map.of(),
                any,
                any,
                List.of(),
                List.of(),
                "a newer release");
        rig.store.put(KeyLayout.entry(KeyLayout.POLICY, 1), EntryCodec.encode(policy));
    }

    private String registry() {
        String identity = new String(rig.store.bytes(KeyLayout.REGISTRY).orElseThrow(), StandardCharsets.UTF_8);
        Matcher id = Pattern.compile("\"registry\":\"([0-9a-f]{32})\"").matcher(identity);
        assertThat(id.find()).isTrue();
        return id.group(1);
    }
}
