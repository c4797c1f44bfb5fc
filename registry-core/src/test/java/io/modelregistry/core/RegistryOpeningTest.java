package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.RegistryProvider;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ForwardingBackend;
import io.modelregistry.testkit.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Making a registry, finding one, and refusing what is none. */
class RegistryOpeningTest {
    @TempDir
    Path cache;

    private Rig rig;

    @BeforeEach
    void makeRig() {
        rig = new Rig(cache);
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void memoryIsARegistryOfItsOwn() {
        try (ModelRegistry one = ModelRegistry.initialise("mem:").as("ada");
                ModelRegistry two = ModelRegistry.initialise("mem:").as("ada")) {
            one.model("tumor").register(model("one"));

            assertThat(two.models()).isEmpty();
            assertThat(one.id()).isNotEqualTo(two.id()).matches("[0-9a-f]{32}");
        }
    }

    @Test
    void openingWhereNothingStandsSaysHowToMakeOne() {
        assertThatThrownBy(() -> ModelRegistry.open("mem:"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage(
                        "No registry at mem:. ModelRegistry.initialise(\"mem:\") makes one; if there should be one, check the location");
    }

    @Test
    void anUnknownSchemeNamesTheKnownOnes() {
        assertThatThrownBy(() -> ModelRegistry.open("s9://bucket/prefix"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("No backend for \"s9://bucket/prefix\": the class path has backends for [mem]");
    }

    @Test
    void manyWhoInitialiseFindTheSameRegistry() {
        assertThat(rig.client("ada").id()).isEqualTo(rig.client("ben").id());
    }

    @Test
    void aLostAnswerToTheIdentityIsNoProblem() {
        FaultyBackend backend = new FaultyBackend(
                rig.store.open(), FaultPlan.onceOn(Operation.CREATE, "registry.json", 1, Fault.LOST_ANSWER));

        try (ModelRegistry ada = ModelRegistry.on(backend, rig.options(), rig.host)) {
            assertThat(ada.id()).isEqualTo(rig.client("ben").id());
        }
    }

    @Test
    void aRegistryThatLostItsIdentityIsNotGivenAnother() {
        rig.client("ada").model("tumor").register(model("one"));
        rig.store.remove("registry.json");

        assertThatThrownBy(() -> rig.client("ben"))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(
                        "registry.json is missing from mem:, though [blobs/, models/, versions/] stand there");
    }

    @Test
    void anIdentityOfANewerFormatAsksForAnUpgrade() {
        rig.client("ada");
        byte[] newer =
                "{\"format\":2,\"registry\":\"00\",\"writer\":\"model-registry 9\"}".getBytes(StandardCharsets.UTF_8);
        rig.store.put("registry.json", SelfVerifying.seal(newer));

        assertThatThrownBy(() -> rig.client("ben"))
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessageContaining("This registry has format 2")
                .hasMessageContaining("written by model-registry 9; this release reads format 1");
    }

    @Test
    void anIdentityThatWasExchangedMakesEveryEntryForeign() {
        rig.client("ada").model("tumor").register(model("one"));
        byte[] other = ("{\"format\":1,\"registry\":\"" + "e".repeat(32) + "\",\"created\":\"2026-01-01T00:00:00Z\"}")
                .getBytes(StandardCharsets.UTF_8);
        rig.store.put("registry.json", SelfVerifying.seal(other));

        assertThatThrownBy(() -> rig.client("ben").model("tumor").latest())
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(
                        "The entry versions/tumor/0000000001.json is damaged: it was written as an entry of registry");
    }

    @Test
    void aStoreThatLetsTwoWritersCreateOneKeyIsRefusedWithTheReason() {
        StorageBackend careless = new CarelessBackend(rig.store.open());

        assertThatThrownBy(() -> ModelRegistry.on(careless, rig.options(), rig.host))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("is unsuitable for a registry: it doesn't keep put-if-absent")
                .hasMessageContaining("16 of 16 concurrent creates of one key were told that they won");
        assertThat(rig.store.keys()).isEmpty();
    }

    /** What a busy machine would undo: there, the first create would be answered before the last has a thread. */
    @Test
    void noneOfTheConcurrentCreatesIsSentBeforeEachHasAThread() {
        AtomicInteger sent = new AtomicInteger();
        List<Integer> sentAtHandOver = new ArrayList<>();
        Executor oneThreadEach = task -> {
            Thread thread = new Thread(task, "writer");
            thread.setDaemon(true);
            thread.start();
            while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TERMINATED) {
                Thread.onSpinWait();
            }
            sentAtHandOver.add(sent.get() % 16);
        };

        ModelRegistry.on(
                        new ProbedBackend(rig.store.open(), sent),
                        rig.options(),
                        rig.host.another(Duration.ZERO, oneThreadEach))
                .close();

        assertThat(sent).hasValue(160);
        assertThat(sentAtHandOver).hasSizeGreaterThanOrEqualTo(150).containsOnly(0);
    }

    @Test
    @Timeout(60)
    void aHostWithOneThreadProvesAStoreToo() {
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        AtomicInteger sent = new AtomicInteger();
        try {
            ModelRegistry.on(
                            new ProbedBackend(rig.store.open(), sent),
                            rig.options(),
                            rig.host.another(Duration.ZERO, oneThread))
                    .close();
        } finally {
            oneThread.shutdown();
        }

        assertThat(sent).hasValue(160);
    }

    @Test
    void aRequestThatWasRepeatedOnItsWayDoesNotMakeTheStoreUnsuitable() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.onceOn(Operation.CREATE, "probe/.*", 1, Fault.DUPLICATE));

        ada.registry().doctor();

        assertThat(ada.backend().faults()).hasSize(1);
        assertThat(rig.store.keys()).containsExactly("registry.json");
    }

    @Test
    void aStoreThatTellsNobodyThatHeWonIsRefused() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.everyTimeOn(Operation.CREATE, "probe/.*", Fault.DUPLICATE));

        assertThatThrownBy(() -> ada.registry().doctor())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(
                        "in 20 of 20 rounds none of 16 concurrent creates of a fresh key was told that it won");
    }

    @Test
    void theDoctorFindsAHealthyStoreHealthyAndLeavesNothingBehind() {
        ModelRegistry ada = rig.client("ada");

        ada.doctor();

        assertThat(rig.store.keys()).containsExactly("registry.json");
    }

    @Test
    void theDoctorRefusesAStoreThatBecameCareless() {
        ModelRegistry ada = ModelRegistry.on(rig.store.open(), rig.options(), rig.host);
        ada.close();
        try (ModelRegistry careless = open(new CarelessBackend(rig.store.open()))) {
            assertThatThrownBy(careless::doctor)
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("put-if-absent");
        }
    }

    @Test
    void aBackendIsClosedWhenOpeningFails() {
        StorageBackend backend = rig.store.open();

        assertThatThrownBy(() -> open(backend)).isInstanceOf(NotFoundException.class);

        assertThatThrownBy(() -> backend.stat("registry.json")).isInstanceOf(IllegalStateException.class);
    }

    private ModelRegistry open(StorageBackend backend) {
        return new LogBackedRegistryProvider().open(backend, rig.options(), rig.host, RegistryProvider.Mode.OPEN);
    }

    /** Overwrites instead of creating, as some object stores do. */
    private static final class CarelessBackend extends ForwardingBackend {
        private final StorageBackend store;

        CarelessBackend(StorageBackend store) {
            super(store);
            this.store = store;
        }

        @Override
        public CreateOutcome create(String key, byte[] content) {
            store.overwrite(key, content);
            return CreateOutcome.CREATED;
        }
    }

    /** Counts the creates of the proof. */
    private static final class ProbedBackend extends ForwardingBackend {
        private final StorageBackend store;
        private final AtomicInteger sent;

        ProbedBackend(StorageBackend store, AtomicInteger sent) {
            super(store);
            this.store = store;
            this.sent = sent;
        }

        @Override
        public CreateOutcome create(String key, byte[] content) {
            if (key.startsWith("probe/")) {
                sent.incrementAndGet();
            }
            return store.create(key, content);
        }
    }
}
