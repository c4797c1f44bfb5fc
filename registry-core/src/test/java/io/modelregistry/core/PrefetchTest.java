package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryListener;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingOptions;
import io.modelregistry.testkit.Call;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.ModelVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A handle that has the files of what may be served soon before it is. */
class PrefetchTest {
    /** When the next look is over for certain. */
    private static final Duration LONGEST = Duration.ofSeconds(36);

    private static final ServingOptions AHEAD = ServingOptions.defaults().withPrefetch(true);
    private static final Loader<Long> NUMBER =
            Loader.of(files -> files.version().number());

    @TempDir
    Path cache;

    /** The version of each download, once more for each that needed the store. */
    private final List<String> downloads = new ArrayList<>();

    private final RegistryListener listener = new RegistryListener() {
        @Override
        public void downloaded(ModelVersion version, long bytes) {
            downloads.add(version.number() + (bytes == 0 ? " from the cache" : ""));
        }
    };

    private Rig rig;
    private Model tumor;
    private Environment production;
    private Rig.Faulty client;
    private Environment serving;

    @BeforeEach
    void promoteTheFirst() {
        rig = new Rig(cache.resolve("training"));
        ModelRegistry ada = rig.client("ada");
        tumor = ada.model("tumor");
        production = tumor.environment("production");
        tumor.register(model("first"));
        production.promote(1, "start");
        client = rig.faulty("serving", rig.options().withCacheFolder(cache.resolve("serving")), rig.host);
        client.registry().listen(listener);
        serving = client.registry().model("tumor").environment("production");
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    private List<String> downloads() {
        List<String> all = List.copyOf(downloads);
        downloads.clear();
        return all;
    }

    private long calls() {
        return client.backend().calls().stream()
                .map(Call::key)
                .filter(key -> !key.startsWith("environments/"))
                .count();
    }

    @Test
    void aVersionInReviewIsHereBeforeItIsPromoted() {
        try (ModelHandle<Long> handle = serving.serve(NUMBER, AHEAD)) {
            tumor.register(model("second"));
            tumor.version(2).submit("please");
            downloads();

            rig.host.advance(LONGEST);
            List<String> ahead = downloads();
            production.promote(2, "better");
            rig.host.advance(LONGEST);

            assertThat(ahead).containsExactly("2");
            assertThat(downloads()).containsExactly("2 from the cache");
            assertThat(handle.<Long, RuntimeException>use(served -> served.model()))
                    .isEqualTo(2);
        }
    }

    @Test
    void candidatesAndRejectedVersionsAreNotFetched() {
        try (ModelHandle<Long> handle = serving.serve(NUMBER, AHEAD)) {
            tumor.register(model("second"));
            tumor.register(model("third"));
            tumor.version(3).submit("please");
            rig.client("rita").model("tumor").version(3).reject("overfits");
            downloads();

            rig.host.advance(LONGEST);

            assertThat(downloads()).isEmpty();
            assertThat(handle.status().isComplete()).isTrue();
        }
    }

    @Test
    void ofManyVersionsTheNewestFourAreLookedAt() {
        try (ModelHandle<Long> handle = serving.serve(NUMBER, AHEAD)) {
            for (int number = 2; number <= 6; number++) {
                tumor.register(model("number " + number));
                tumor.version(number).submit("please");
            }
            downloads();

            rig.host.advance(LONGEST);

            assertThat(downloads()).containsExactly("6", "5", "4", "3");
            assertThat(handle.status().isComplete()).isTrue();
        }
    }

    @Test
    void whatIsHereAndWhatIsServedCostsNoMoreThanTheQuestionForTheNewest() {
        try (ModelHandle<Long> handle = serving.serve(NUMBER, AHEAD)) {
            tumor.register(model("second"));
            tumor.version(2).submit("please");
            rig.host.advance(LONGEST);
            long before = calls();

            rig.host.advance(LONGEST);

            assertThat(calls() - before).as("one for each look").isBetween(1L, 2L);
            assertThat(handle.status().isComplete()).isTrue();
        }
    }

    @Test
    void whatCannotBeFetchedIsTriedAgainAndServesOnMeanwhile() {
        try (ModelHandle<Long> handle = serving.serve(NUMBER, AHEAD)) {
            tumor.register(model("second"));
            tumor.version(2).submit("please");
            downloads();
            client.faults().set(FaultPlan.everyTimeOn(Operation.GET, "(?!environments/).*", Fault.UNAVAILABLE));

            rig.host.advance(LONGEST);
            List<String> ahead = downloads();
            client.faults().set(FaultPlan.none());
            rig.host.advance(LONGEST);

            assertThat(ahead).isEmpty();
            assertThat(downloads()).containsExactly("2");
            assertThat(handle.<Long, RuntimeException>use(served -> served.model()))
                    .isEqualTo(1);
        }
    }

    @Test
    void aMachineWithoutAThreadToSpareLooksAgainTheNextTime() {
        AtomicBoolean scarce = new AtomicBoolean();
        ManualHost busy = rig.host.another(Duration.ZERO, task -> {
            if (scarce.get()) {
                throw new InternalError("no memory for a thread");
            }
            task.run();
        });
        Rig.Faulty other = rig.faulty("other", rig.options().withCacheFolder(cache.resolve("other")), busy);
        other.registry().listen(listener);
        Environment environment = other.registry().model("tumor").environment("production");
        try (ModelHandle<Long> handle = environment.serve(NUMBER, AHEAD)) {
            tumor.register(model("second"));
            tumor.version(2).submit("please");
            downloads();
            scarce.set(true);

            busy.advance(LONGEST);
            List<String> meanwhile = downloads();
            scarce.set(false);
            busy.advance(LONGEST);

            assertThat(meanwhile).isEmpty();
            assertThat(downloads()).containsExactly("2");
            assertThat(handle.status().isComplete()).isTrue();
        }
    }

    @Test
    void nothingIsFetchedAheadUnlessAskedForAndNothingAfterClosing() {
        try (ModelHandle<Long> plain = serving.serve(NUMBER)) {
            tumor.register(model("second"));
            tumor.version(2).submit("please");
            rig.host.advance(LONGEST);
            assertThat(plain.status().isComplete()).isTrue();
        }
        ModelHandle<Long> closed = serving.serve(NUMBER, AHEAD);
        closed.close();
        downloads();

        rig.host.advance(LONGEST);

        assertThat(downloads()).isEmpty();
    }
}
