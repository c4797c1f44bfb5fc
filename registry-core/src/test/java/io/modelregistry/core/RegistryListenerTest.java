package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryListener;
import io.modelregistry.core.artifact.CapturedLog;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.LoadFailure;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingListener;
import io.modelregistry.serving.ServingOptions;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.ModelVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those who measure a registry are told. */
class RegistryListenerTest {
    /** When the next poll is over for certain. */
    private static final Duration LONGEST = Duration.ofSeconds(36);

    @TempDir
    Path cache;

    private final List<String> heard = new ArrayList<>();
    private Rig rig;
    private Rig.Faulty serving;
    private Environment production;

    /** Writes down what it is told. */
    private final RegistryListener listener = new RegistryListener() {
        @Override
        public void resolved(Receipt receipt) {
            heard.add("resolved " + receipt.version().number());
        }

        @Override
        public void polled(ServingStatus status) {
            heard.add(status.problem() == null ? "polled" : "polled in vain, " + status.freshness());
        }

        @Override
        public void changed(ServingStatus status) {
            heard.add("changed to revision "
                    + status.deployment().orElseThrow().revision().sequence());
        }

        @Override
        public void downloaded(ModelVersion version, long bytes) {
            heard.add("downloaded " + bytes + " bytes of " + version.number());
        }

        @Override
        public void swapped(HandleStatus status) {
            heard.add("swapped to " + status.arms().get(0).version().number());
        }

        @Override
        public void failed(LoadFailure failure) {
            heard.add("failed " + failure.version().number() + " in " + failure.stage());
        }
    };

    @BeforeEach
    void promoteTheFirstOfTwo() {
        rig = new Rig(cache);
        ModelRegistry ada = rig.client("ada");
        ada.model("tumor").register(model("one"));
        ada.model("tumor").register(model("two!"));
        production = ada.model("tumor").environment("production");
        production.promote(1, "start");
        serving = rig.faulty("serving");
        serving.registry().listen(listener);
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    private Environment served() {
        return serving.registry().model("tumor").environment("production");
    }

    private List<String> heard() {
        List<String> all = List.copyOf(heard);
        heard.clear();
        return all;
    }

    private static Loader<String> loader() {
        return Loader.<String>of(files -> "model " + files.version().number()).warmUp(model -> {
            if (model.equals("model 2")) {
                throw new IllegalStateException("answers 0.5 instead of 0.9");
            }
        });
    }

    @Test
    void whoIsAnsweredByAnEnvironmentIsHeardOfEachTime() {
        served().resolve();
        served().resolve();
        served().resolve(Consistency.STRONG);
        serving.registry().resolve("tumor:production");
        serving.registry().resolve("tumor@2");

        assertThat(heard()).containsExactly("polled", "resolved 1", "resolved 1", "resolved 1", "resolved 1");
    }

    /** The store's time of a process's own change is asked for when the next one rests on it. */
    @Test
    void aChangeIsHeardOfOnceAlsoWhenItsTimeIsLearntLater() {
        served().resolve();
        served().promote(2, "next");
        rig.host.advance(LONGEST);
        List<String> changed = heard();
        serving.faults().set(FaultPlan.everyTimeOn(Operation.CREATE, ".*", Fault.DENIED));
        assertThatThrownBy(() -> served().promote(1, "back")).isInstanceOf(AccessDeniedException.class);
        serving.faults().set(FaultPlan.none());

        rig.host.advance(LONGEST);

        assertThat(changed).containsOnlyOnce("changed to revision 2");
        assertThat(heard()).containsExactly("polled");
    }

    @Test
    void eachPollIsHeardOfWithWhatCameOfIt() {
        served().resolve();
        heard();

        rig.host.advance(LONGEST);
        List<String> answered = heard();
        serving.faults().set(FaultPlan.everyTimeOn(Operation.GET, ".*", Fault.UNAVAILABLE));
        rig.host.advance(LONGEST);

        assertThat(answered).containsExactly("polled");
        assertThat(heard()).containsOnly("polled in vain, UNCONFIRMED");
    }

    @Test
    void aChangeIsHeardOfOnceAfterThePollThatFindsIt() {
        served().resolve();
        rig.host.advance(LONGEST);
        List<String> first = heard();

        production.promote(2, "next");
        production.rollback("wrong after all");
        rig.host.advance(LONGEST);
        rig.host.advance(LONGEST);

        assertThat(first).as("what it begins with is no change").containsOnly("polled", "resolved 1");
        assertThat(heard()).containsOnlyOnce("changed to revision 3").doesNotContain("changed to revision 2");
    }

    @Test
    void theFirstPromotionOfAllIsAChangeForWhoKnewThereWasNone() {
        Environment staging = serving.registry().model("tumor").environment("staging");
        assertThat(staging.current()).isEmpty();
        try {
            staging.resolve();
        } catch (io.modelregistry.NotFoundException e) {
            rig.host.advance(LONGEST);
        }

        rig.client("ada").model("tumor").environment("staging").promote(2, "first");
        rig.host.advance(LONGEST);

        assertThat(heard()).contains("changed to revision 1");
    }

    @Test
    void aDownloadSaysHowMuchCameFromTheStore() {
        serving.registry().version("tumor@2").download();
        serving.registry().version("tumor@2").download();

        assertThat(heard()).containsExactly("downloaded 4 bytes of 2", "downloaded 0 bytes of 2");
    }

    @Test
    void whatHandlesDoIsHeardOfBesideTheirOwnListeners() {
        List<String> own = new ArrayList<>();
        ServingOptions options = ServingOptions.defaults().withListener(new ServingListener() {
            @Override
            public void failed(LoadFailure failure) {
                own.add(failure.stage().name());
            }
        });

        try (ModelHandle<String> handle = served().serve(loader(), options)) {
            try (Lease<String> lease = handle.acquire()) {
                production.promote(2, "sick");
                rig.host.advance(LONGEST);
                assertThat(lease.model()).isEqualTo("model 1");
            }
        }

        assertThat(heard())
                .containsSubsequence(
                        "polled", "downloaded 3 bytes of 1", "swapped to 1", "resolved 1", "failed 2 in WARM_UP")
                .contains("changed to revision 2", "downloaded 4 bytes of 2")
                .containsOnlyOnce("resolved 1");
        assertThat(own).containsExactly("WARM_UP");
    }

    @Test
    void theHandlesThatAreOpenAreListedByName() {
        rig.client("ada").model("tumor").environment("staging").promote(1, "start");

        try (ModelHandle<String> staging =
                        serving.registry().model("tumor").environment("staging").serve(loader());
                ModelHandle<String> handle = served().serve(loader());
                Lease<String> lease = handle.acquire()) {
            List<HandleStatus> open = serving.registry().handles();

            assertThat(open).extracting(s -> s.environment().value()).containsExactly("production", "staging");
            assertThat(open.get(0).arms().get(0).leases()).isEqualTo(1);
            assertThat(staging.status().isComplete()).isTrue();
            assertThat(lease.model()).isEqualTo("model 1");
        }
        assertThat(serving.registry().handles()).isEmpty();
    }

    @Test
    void aListenerThatThrowsIsLoggedOnceAndOthersHearAllTheSame() {
        RegistryListener broken = new RegistryListener() {
            @Override
            public void resolved(Receipt receipt) {
                throw new IllegalStateException("no dashboard");
            }

            @Override
            public void polled(ServingStatus status) {
                throw new AssertionError("no dashboard");
            }
        };
        Rig.Faulty other = rig.faulty("other");
        other.registry().listen(broken);
        other.registry().listen(listener);
        Environment environment = other.registry().model("tumor").environment("production");

        try (CapturedLog log = new CapturedLog()) {
            assertThat(environment.resolve().version().number()).isEqualTo(1);
            assertThat(environment.resolve().version().number()).isEqualTo(1);

            assertThat(log.warnings())
                    .filteredOn(w -> w.contains("A listener of the registry at"))
                    .hasSize(1);
        }
        assertThat(heard()).containsExactly("polled", "resolved 1", "resolved 1");
    }
}
