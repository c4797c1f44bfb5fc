package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Environment;
import io.modelregistry.EnvironmentName;
import io.modelregistry.ModelName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.RegistryProvider.Mode;
import io.modelregistry.core.environment.Place;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.environment.ServingStatus.Freshness;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is heard by those who watch a place. */
class PlaceListenerTest {
    private static final Place PRODUCTION = new Place(EnvironmentName.of("production"), ModelName.of("tumor"));
    private static final Duration LONGEST = Duration.ofSeconds(36);

    @TempDir
    Path cache;

    private final List<ServingStatus> heard = new ArrayList<>();
    private final Rig.Switch faults = new Rig.Switch();
    private Rig rig;
    private Environment production;
    private FaultyBackend backend;
    private Parts parts;

    @BeforeEach
    void registerTwo() {
        rig = new Rig(cache);
        ModelRegistry ada = rig.client("ada");
        ada.model("tumor").register(model("one"));
        ada.model("tumor").register(model("two"));
        production = ada.model("tumor").environment("production");
        backend = new FaultyBackend(rig.store.open(), faults);
        RegistryOptions options = rig.options().withMaxStaleness(Duration.ofMinutes(10));
        parts = Parts.open(backend, options, rig.host, Mode.OPEN);
    }

    @AfterEach
    void closeAll() {
        parts.close();
        rig.close();
    }

    private Runnable listen() {
        return parts.environmentReader().watch(PRODUCTION, heard::add);
    }

    private void cutOff() {
        faults.set(FaultPlan.everyTimeOn(Operation.GET, ".*", Fault.UNAVAILABLE));
    }

    /** What was heard since this was last asked: the newest revision and how fresh it is. */
    private List<String> news() {
        List<String> news = heard.stream()
                .map(status ->
                        status.deployment().map(d -> d.revision().sequence()).orElse(0L) + " " + status.freshness())
                .toList();
        heard.clear();
        return news;
    }

    @Test
    void theFirstAnswerThenEachChangeIsHeardAndNothingElse() {
        production.promote(1, "start");
        listen();

        rig.host.advance(Duration.ZERO);
        assertThat(news()).containsExactly("1 CONFIRMED");
        rig.host.advance(LONGEST);
        rig.host.advance(LONGEST);
        assertThat(news()).isEmpty();
        production.promote(2, "next");
        rig.host.advance(LONGEST);

        assertThat(news()).containsExactly("2 CONFIRMED");
    }

    @Test
    void aPlaceWhereNothingIsServedYetIsHeardOf() {
        listen();

        rig.host.advance(Duration.ZERO);
        assertThat(news()).containsExactly("0 CONFIRMED");
        production.promote(1, "start");
        rig.host.advance(LONGEST);

        assertThat(news()).containsExactly("1 CONFIRMED");
    }

    @Test
    void silenceStalenessAndRecoveryAreHeardOnce() {
        production.promote(1, "start");
        listen();
        rig.host.advance(Duration.ZERO);
        cutOff();

        for (int i = 0; i < 30; i++) {
            rig.host.advance(LONGEST);
        }
        assertThat(news()).containsExactly("1 CONFIRMED", "1 UNCONFIRMED", "1 STALE");
        faults.set(FaultPlan.none());
        for (int i = 0; i < 5; i++) {
            rig.host.advance(LONGEST);
        }

        assertThat(news()).containsExactly("1 CONFIRMED");
    }

    @Test
    void aStoreThatIsSilentFromTheBeginningIsHeardOf() {
        cutOff();
        listen();

        rig.host.advance(Duration.ZERO);

        assertThat(heard).singleElement().satisfies(status -> {
            assertThat(status.freshness()).isEqualTo(Freshness.UNCONFIRMED);
            assertThat(status.sinceConfirmed()).isEmpty();
            assertThat(status.problem()).contains("Could not read");
        });
    }

    @Test
    void whoListensLaterHearsWhereThingsStandAndTheOthersDontHearItTwice() {
        production.promote(1, "start");
        listen();
        rig.host.advance(Duration.ZERO);
        assertThat(news()).hasSize(1);
        List<ServingStatus> later = new ArrayList<>();

        parts.environmentReader().watch(PRODUCTION, later::add);
        rig.host.advance(Duration.ZERO);

        assertThat(later).hasSize(1);
        assertThat(news()).isEmpty();
    }

    @Test
    void aListenerThatThrowsChangesNothingForTheOthersAndForWhatIsServed() {
        production.promote(1, "start");
        List<ServingStatus> thrown = new ArrayList<>();
        parts.environmentReader().watch(PRODUCTION, status -> {
            thrown.add(status);
            throw new IllegalStateException("a listener's mistake");
        });
        listen();
        rig.host.advance(Duration.ZERO);
        production.promote(2, "next");

        rig.host.advance(LONGEST);

        assertThat(thrown).hasSize(2);
        assertThat(news()).containsExactly("1 CONFIRMED", "2 CONFIRMED");
    }

    @Test
    void aPlaceWithAListenerIsPolledThoughNobodyResolvesItUntilTheListenerLeaves() {
        production.promote(1, "start");
        Runnable leave = listen();
        for (int i = 0; i < 30; i++) {
            rig.host.advance(LONGEST);
        }
        assertThat(parts.environmentReader().watched()).hasSize(1);

        leave.run();
        heard.clear();
        for (int i = 0; i < 12; i++) {
            rig.host.advance(LONGEST);
        }

        assertThat(parts.environmentReader().watched()).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Test
    void whatIsWatchedIsResolvedWithoutAskingTheStore() {
        production.promote(1, "start");
        listen();
        rig.host.advance(Duration.ZERO);
        int calls = backend.calls().size();

        long version = parts.environmentReader()
                .resolve(PRODUCTION, Routing.anybody(), Consistency.BOUNDED)
                .version()
                .number();

        assertThat(version).isEqualTo(1);
        assertThat(backend.calls()).hasSize(calls);
    }
}
