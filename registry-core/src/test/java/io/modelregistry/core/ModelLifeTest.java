package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.Actor;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who answers for a model, and its end. */
class ModelLifeTest {
    private static final Actor BEN = Actor.of("ben");
    private static final Actor CEM = Actor.of("cem");

    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ada;
    private Model tumor;

    @BeforeEach
    void registerAVersion() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        tumor = ada.model("tumor");
        tumor.register(model("one").request("job-1"));
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void whoRegisteredFirstOwnsTheModelUntilItIsTransferred() {
        assertThat(tumor.info().orElseThrow().owners()).containsExactly(Actor.of("ada"));
        tumor.archive("for now");
        assertThat(tumor.info().orElseThrow().owners()).containsExactly(Actor.of("ada"));

        tumor.transfer(List.of(BEN, CEM), "handed over");

        assertThat(rig.client("auditor").model("tumor").info().orElseThrow().owners())
                .containsExactly(BEN, CEM);
        assertThat(tumor.info().orElseThrow().archived()).isTrue();
        assertThat(tumor.restore("needed").owners()).containsExactly(BEN, CEM);
        assertThat(ada.model("nothing").info()).isEmpty();
    }

    @Test
    void theHistoryTellsIt() {
        tumor.transfer(List.of(BEN), "handed over");
        tumor.archive("superseded");
        tumor.restore("needed");

        assertThat(tumor.history())
                .filteredOn(event -> event.revision().stream().equals("models/tumor"))
                .extracting(AuditEvent::what, AuditEvent::before, AuditEvent::after)
                .containsExactly(
                        tuple("claim", "", ""),
                        tuple("transfer", "", "owned by ben"),
                        tuple("archive", "owned by ben", "owned by ben; archived"),
                        tuple("restore", "owned by ben; archived", "owned by ben"));
        assertThat(ada.verify().findings()).isEmpty();
    }

    @Test
    void doingItAgainWritesNothing() {
        tumor.archive("superseded");
        tumor.transfer(List.of(BEN), "handed over");
        int keys = rig.store.keys().size();

        tumor.archive("again");
        tumor.transfer(List.of(BEN), "again");

        assertThat(rig.store.keys()).hasSize(keys);
    }

    @Test
    void anArchivedModelRefusesVersionsBeforeAnythingIsWritten() {
        tumor.archive("superseded");
        List<String> before = List.copyOf(rig.store.keys());

        for (ModelRegistry registry : List.of(ada, rig.client("ben"))) {
            assertThatThrownBy(() -> registry.model("tumor").register(model("two")))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("Cannot register a version of tumor: it is archived (models/tumor#2). Restore it first;"
                            + " nothing was written");
        }
        assertThat(rig.store.keys()).containsExactlyElementsOf(before);
    }

    @Test
    void aRepeatedRequestGivesItsVersionAlsoWhenTheModelIsArchived() {
        tumor.archive("superseded");

        assertThat(tumor.register(model("one").request("job-1")).number()).isEqualTo(1);
    }

    @Test
    void aProcessThatKnewTheModelNoticesWithinHalfAMinute() {
        Model bens = rig.client("ben").model("tumor");
        bens.register(model("two"));
        tumor.archive("superseded");

        rig.host.advance(Duration.ofSeconds(30));

        assertThatThrownBy(() -> bens.register(model("three")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("it is archived");
    }

    @Test
    void whoKnewThatAModelWasArchivedRegistersAtOnceAfterAnotherRestoredIt() {
        tumor.archive("superseded");
        Model bens = rig.client("ben").model("tumor");
        assertThatThrownBy(() -> bens.register(model("two"))).isInstanceOf(InvalidRequestException.class);

        tumor.restore("needed");

        assertThat(bens.register(model("two")).number()).isEqualTo(2);
    }

    @Test
    void whoCannotReadWhoseAModelIsChangesNothing() {
        tumor.archive("superseded");
        tumor.restore("needed");
        List<String> before = List.copyOf(rig.store.keys());
        Rig.Faulty ben = rig.faulty("ben");
        ben.faults().set(FaultPlan.everyTimeOn(Operation.GET, "models/tumor/0000000001.json", Fault.DENIED));

        assertThatThrownBy(() -> ben.registry().model("tumor").archive("superseded"))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("models/tumor/0000000001.json");

        assertThat(rig.store.keys()).containsExactlyElementsOf(before);
        assertThat(tumor.info().orElseThrow().archived()).isFalse();
    }

    @Test
    void lookingWhetherAModelIsArchivedAndWhoMayRegisterCostsARequestEachInHalfAMinute() {
        Rig.Counted ben = rig.counted("ben");
        Model bens = ben.registry().model("tumor");
        bens.register(model("two"));
        ben.backend().reset();

        bens.register(model("three"));
        assertThat(ben.backend()).hasToString("1 create, 1 stat, 1 overwrite, 2 upload");

        rig.host.advance(Duration.ofSeconds(30));
        ben.backend().reset();
        bens.register(model("four"));
        assertThat(ben.backend()).hasToString("1 create, 2 get, 1 stat, 1 overwrite, 2 upload");
    }

    @Test
    void whatAModelIsAfterAChangeIsReturned() {
        List<Actor> fifty =
                IntStream.range(0, 50).mapToObj(i -> Actor.of("u-" + i)).toList();

        assertThat(tumor.transfer(fifty, "to a ward").owners()).isEqualTo(fifty);
        assertThat(tumor.archive("superseded").archived()).isTrue();
        assertThat(tumor.restore("needed again")).isEqualTo(tumor.info().orElseThrow());
        assertThat(tumor.info().orElseThrow().archived()).isFalse();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        List<Actor> many =
                IntStream.range(0, 51).mapToObj(i -> Actor.of("u-" + i)).toList();
        int keys = rig.store.keys().size();

        assertThatThrownBy(() -> tumor.transfer(List.of(), "why"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("A model has 1 to 50 different owners, not []");
        assertThatThrownBy(() -> tumor.transfer(List.of(BEN, BEN), "why")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> tumor.transfer(many, "why")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> tumor.archive(" "))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("To archive tumor needs a reason. Nothing was written");
        assertThatThrownBy(() -> ada.model("nothing").archive("why"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("No model nothing: nothing was registered under this name");
        assertThat(rig.store.keys()).hasSize(keys);
    }

    @Test
    void aStateThatDoesNotFollowIsFoundByVerify() {
        tumor.transfer(List.of(BEN), "handed over");
        tumor.archive("superseded");
        String key = "models/tumor/0000000003.json";
        String line = new String(SelfVerifying.open(rig.store.bytes(key).orElseThrow()), StandardCharsets.UTF_8);

        for (String wrong : List.of(
                line.replace("\"owners\":[\"ben\"]", "\"owners\":[\"eve\"]"),
                line.replace(",\"archived\":true", ""),
                line.replace("\"model\":\"tumor\"", "\"model\":\"lung\""))) {
            assertThat(wrong).isNotEqualTo(line);
            rig.store.put(key, SelfVerifying.seal(wrong.getBytes(StandardCharsets.UTF_8)));

            assertThat(rig.client("auditor").verify().errors())
                    .singleElement()
                    .satisfies(finding ->
                            assertThat(finding.message()).startsWith("The state does not follow from the change"));
        }
    }
}
