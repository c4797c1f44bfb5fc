package io.modelregistry.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Environment;
import io.modelregistry.Host;
import io.modelregistry.Model;
import io.modelregistry.ModelName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The requests of the registry's operations, each by what it does to which key, as they arrive at the store: no operation may cost more over a
 * backend than here. A backend's module runs it with whatever sees its requests on the wire, and with registry-core on the class path.
 *
 * <p>"Warm" says that every stream involved is known to the process. Background work runs on the calling thread, so that everything has been sent
 * when a call returns.
 */
public abstract class RequestTableContract {
    /** When the next poll is over for certain: intervals are longer and shorter by up to a fifth. */
    private static final Duration POLL =
            RegistryOptions.defaults().pollInterval().multipliedBy(6).dividedBy(5);

    private static final int POLLS_WITH_ONE_CHECK = 20;

    @TempDir
    Path cache;

    private final ManualHost host = new ManualHost();
    private final List<ModelRegistry> opened = new ArrayList<>();
    private ModelRegistry ada;
    private Model tumor;

    /** For subclasses. */
    protected RequestTableContract() {}

    /** Another client of the store of the current test, whose requests are seen. */
    protected abstract StorageBackend open(Host itsHost);

    /**
     * The requests since the last {@link #forget}, in any order: {@code read KEY}, {@code look at KEY} (metadata only), {@code create KEY} (if none
     * stands), {@code overwrite KEY}, {@code delete KEY}, {@code list PREFIX}.
     */
    protected abstract List<String> requests();

    /** Forgets the requests so far. */
    protected abstract void forget();

    @BeforeEach
    void registerTwo() {
        host.turnWallClock(Duration.between(ManualHost.START, Host.system().now())); // the store's
        ada = KnownIdentity.open(getClass(), open(host), () -> client("ada"));
        tumor = ada.model("tumor");
        tumor.register(model("one"));
        tumor.register(model("two"));
        forget();
    }

    @AfterEach
    void closeClients() {
        opened.forEach(ModelRegistry::close);
    }

    @Test
    void theFirstRegistrationOfAModelClaimsItsName() {
        ada.model("lesion").register(model("one"));

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "read hints/versions/lesion.json",
                        "read versions/lesion/0000000001.json",
                        "read hints/models/lesion.json",
                        "read models/lesion/0000000001.json",
                        "list models/lesion/",
                        "create models/lesion/0000000001.json",
                        "overwrite hints/models/lesion.json",
                        "create blobs/lesion/…",
                        "create blobs/lesion/…",
                        "list versions/lesion/",
                        "create versions/lesion/0000000001.json",
                        "overwrite hints/versions/lesion.json");
    }

    @Test
    void aRegistrationSendsItsBlobsTheManifestTheEntryAndTheHint() {
        tumor.register(files("three", "scaler"));

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "create blobs/tumor/…",
                        "create blobs/tumor/…",
                        "create blobs/tumor/…",
                        "look at versions/tumor/0000000002.json",
                        "create versions/tumor/0000000003.json",
                        "overwrite hints/versions/tumor.json");
    }

    @Test
    void aRegistrationLooksUpTheFilesOfTheVersionBefore() {
        tumor.register(files("three", "scaler"));
        forget();

        tumor.register(files("four", "scaler"));

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "create blobs/tumor/…",
                        "create blobs/tumor/…",
                        "look at blobs/tumor/…",
                        "look at versions/tumor/0000000003.json",
                        "create versions/tumor/0000000004.json",
                        "overwrite hints/versions/tumor.json");
    }

    @Test
    void aLabelIsLookedForAndClaimed() {
        tumor.register(model("three").label("v3"));

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "read labels/tumor/v3/0000000001.json",
                        "create blobs/tumor/…",
                        "create blobs/tumor/…",
                        "look at versions/tumor/0000000002.json",
                        "create versions/tumor/0000000003.json",
                        "overwrite hints/versions/tumor.json",
                        "create labels/tumor/v3/0000000001.json");
    }

    @Test
    void aPromotionReadsPolicyAndLifeCreatesLooksForARetirementAndHints() {
        Environment production = promoted("production", 1);
        warmUp(2);

        production.promote(2, "next");

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "read policy/0000000001.json",
                        "read submissions/tumor/0000000002/0000000001.json",
                        "read reviews/tumor/0000000002/0000000001.json",
                        "look at environments/production/tumor/0000000001.json",
                        "create environments/production/tumor/0000000002.json",
                        "read reviews/tumor/0000000002/0000000001.json",
                        "overwrite hints/environments/production/tumor.json");
    }

    @Test
    void aRollbackCostsAsMuchAsThePromotionItRepeats() {
        Environment production = promoted("production", 1);
        production.promote(2, "next");
        forget();

        production.rollback("worse");

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "read policy/0000000001.json",
                        "read submissions/tumor/0000000001/0000000001.json",
                        "read reviews/tumor/0000000001/0000000001.json",
                        "look at environments/production/tumor/0000000002.json",
                        "create environments/production/tumor/0000000003.json",
                        "read reviews/tumor/0000000001/0000000001.json",
                        "overwrite hints/environments/production/tumor.json");
    }

    @Test
    void resolvingFromMemoryAsksForNothing() {
        promoted("production", 1).resolve();
        forget();

        ada.resolve("tumor:production");

        assertThat(seen()).isEmpty();
    }

    @Test
    void resolvingStronglyWhenWarmReadsTheNextPlace() {
        Environment production = promoted("production", 1);

        production.resolve(Consistency.STRONG);

        assertThat(seen()).containsExactly("read environments/production/tumor/0000000002.json");
    }

    @Test
    void resolvingWhenColdReadsTheHintTheTipTheNextPlaceAndTheVersion() {
        promoted("production", 1);
        ModelRegistry ben = client("ben");
        forget();

        ben.resolve("tumor:production");

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "read hints/environments/production/tumor.json",
                        "read environments/production/tumor/0000000001.json",
                        "read environments/production/tumor/0000000002.json",
                        "read versions/tumor/0000000001.json");
    }

    @Test
    void aPollReadsTheNextPlaceAndEveryTwentiethListsTheEndOfTheStreamToo() {
        promoted("production", 1).resolve();
        forget();

        List<String> polls = new ArrayList<>();
        for (int poll = 0; poll < POLLS_WITH_ONE_CHECK; poll++) {
            host.advance(POLL);
            ada.resolve("tumor:production");
            ada.resolve("tumor:production");
            polls.addAll(seen());
            forget();
        }

        assertThat(polls)
                .filteredOn("list environments/production/tumor/"::equals)
                .hasSize(1);
        assertThat(polls)
                .filteredOn(request -> !request.startsWith("list "))
                .hasSize(POLLS_WITH_ONE_CHECK)
                .containsOnly("read environments/production/tumor/0000000002.json");
    }

    @Test
    void aPinnedVersionIsReadOnce() {
        ModelRegistry ben = client("ben");
        forget();

        ben.resolve("tumor@1");
        ben.resolve("tumor@1");

        assertThat(seen()).containsExactly("read versions/tumor/0000000001.json");
    }

    @Test
    void modelsAreListedInOneRequest() {
        assertThat(ada.models()).extracting(ModelName::toString).containsExactly("tumor");

        assertThat(seen()).containsExactly("list models/");
    }

    @Test
    void listingTheVersionsWhenColdFindsTheNewestAndReadsEach() {
        ModelRegistry ben = client("ben");
        forget();

        assertThat(ben.model("tumor").versions())
                .extracting(ModelVersion::number)
                .containsExactly(1L, 2L);

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "read hints/versions/tumor.json",
                        "read versions/tumor/0000000002.json",
                        "read versions/tumor/0000000003.json",
                        "read versions/tumor/0000000001.json");
    }

    @Test
    void comparingVersionsThatAreKnownAsksForNothing() {
        tumor.compare(1, 2);
        forget();

        tumor.compare(1, 2);

        assertThat(seen()).isEmpty();
    }

    @Test
    void comparingWhenColdReadsBothRecordsAndLooksForLaterEvaluations() {
        ModelRegistry ben = client("ben");
        forget();

        ben.model("tumor").compare(1, 2);

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "read versions/tumor/0000000001.json",
                        "read versions/tumor/0000000002.json",
                        "read hints/evaluations/tumor/0000000001.json",
                        "read evaluations/tumor/0000000001/0000000001.json",
                        "read hints/evaluations/tumor/0000000002.json",
                        "read evaluations/tumor/0000000002/0000000001.json");
    }

    @Test
    void whatWasServedAtATimeIsFoundByHalvingFromTheNewestChange() {
        Environment production = tumor.environment("production");
        for (int change = 0; change < 8; change++) {
            production.promote(1 + change % 2, "change " + change);
        }
        ModelRegistry ben = client("ben");
        // not every client is told the store's time by a read: it may have to ask once
        ben.model("tumor").environment("scratch").asOf(host.now());
        forget();

        ServedAt before =
                ben.model("tumor").environment("production").asOf(host.now().minus(Duration.ofDays(1)));

        assertThat(before.deployment()).isEmpty();
        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "read hints/environments/production/tumor.json",
                        "read environments/production/tumor/0000000008.json",
                        "read environments/production/tumor/0000000009.json",
                        "read environments/production/tumor/0000000005.json",
                        "read environments/production/tumor/0000000003.json",
                        "read environments/production/tumor/0000000002.json");
    }

    @Test
    void theFirstSubmissionListsItsStreamReadsReviewsCreatesAndHints() {
        ada.version("tumor@1").state();
        forget();

        ada.version("tumor@1").submit("please");

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "list submissions/tumor/0000000001/",
                        "read reviews/tumor/0000000001/0000000001.json",
                        "create submissions/tumor/0000000001/0000000001.json",
                        "overwrite hints/submissions/tumor/0000000001.json");
    }

    @Test
    void anApprovalWhenWarmReadsSubmissionsAndPolicyLooksCreatesAndHints() {
        ada.version("tumor@1").submit("please");
        ada.version("tumor@1").reject("no");
        ada.version("tumor@1").submit("better now");
        forget();

        ada.version("tumor@1").approve("good");

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "read submissions/tumor/0000000001/0000000003.json",
                        "read policy/0000000001.json",
                        "look at reviews/tumor/0000000001/0000000001.json",
                        "create reviews/tumor/0000000001/0000000002.json",
                        "overwrite hints/reviews/tumor/0000000001.json");
    }

    @Test
    void aRetirementCreatesListsTheEnvironmentsReadsWhatTheyServeAndCreates() {
        promoted("production", 1);
        promoted("staging", 1);
        ada.version("tumor@2").submit("please");
        ada.version("tumor@2").reject("no");
        forget();

        assertThat(ada.version("tumor@2").retire("no use")).isEqualTo(LifecycleState.RETIRED);

        assertThat(seen())
                .containsExactlyInAnyOrder(
                        "read submissions/tumor/0000000002/0000000002.json",
                        "read reviews/tumor/0000000002/0000000002.json",
                        "read submissions/tumor/0000000002/0000000002.json",
                        "look at reviews/tumor/0000000002/0000000001.json",
                        "create reviews/tumor/0000000002/0000000002.json",
                        "overwrite hints/reviews/tumor/0000000002.json",
                        "list environments/",
                        "read environments/production/tumor/0000000002.json",
                        "read environments/staging/tumor/0000000002.json",
                        "read submissions/tumor/0000000002/0000000002.json",
                        "look at reviews/tumor/0000000002/0000000002.json",
                        "create reviews/tumor/0000000002/0000000003.json",
                        "overwrite hints/reviews/tumor/0000000002.json");
    }

    private ModelRegistry client(String actor) {
        ManualHost itsHost = opened.isEmpty() ? host : host.another(wallClockOf(host));
        ModelRegistry registry = ModelRegistry.on(
                        open(itsHost), RegistryOptions.defaults().withCacheFolder(cache.resolve(actor)), itsHost)
                .as(actor);
        opened.add(registry);
        return registry;
    }

    private static Duration wallClockOf(ManualHost host) {
        return Duration.between(ManualHost.START.plus(host.elapsed()), host.now());
    }

    private Environment promoted(String environment, long version) {
        Environment place = tumor.environment(environment);
        place.promote(version, "start");
        forget();
        return place;
    }

    /** Reads what a promotion of this version will look at, as an earlier one of the same process would have. */
    private void warmUp(long version) {
        promoted("scratch", version);
    }

    private List<String> seen() {
        return requests().stream()
                .map(request -> request.replaceFirst("(blobs/[^/]+)/sha256/[0-9a-f]{64}", "$1/…"))
                .toList();
    }

    private static Registration model(String content) {
        return Registration.empty().file("model.bin", content.getBytes(StandardCharsets.UTF_8));
    }

    private static Registration files(String weights, String scaler) {
        return model(weights).file("scaler.json", scaler.getBytes(StandardCharsets.UTF_8));
    }
}
