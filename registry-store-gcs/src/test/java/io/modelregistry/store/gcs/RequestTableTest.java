package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Consistency;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.proxy.ProxiedRequest;
import io.modelregistry.version.Registration;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The requests of the registry's operations as they come over the wire: each by what it does to which object. */
@Timeout(60)
final class RequestTableTest {
    private static final Pattern OBJECT =
            Pattern.compile("/storage/v1/b/models/o/team/registry/([^?]*)(\\?alt=media)?.*");
    private static final Pattern INSERTION = Pattern.compile("/upload/.*[?&]name=team/registry/([^&]*)&.*");
    private static final Pattern LISTING = Pattern.compile("/storage/v1/b/models/o\\?prefix=team/registry/([^&]*)&.*");

    @TempDir
    Path cache;

    private final ProxiedStore store = new ProxiedStore();
    private ModelRegistry ada;
    private Model tumor;

    @BeforeEach
    void registerTwo() {
        ada = client();
        tumor = ada.model("tumor");
        tumor.register(model("one"));
        tumor.register(model("two"));
        store.proxy.reset();
    }

    @AfterEach
    void close() {
        ada.close();
        store.close();
    }

    private ModelRegistry client() {
        ManualHost host = ProxiedStore.hostAtTheServersTime();
        return ModelRegistry.on(
                        store.backend(store.client(), GcsSettings.defaults(), host),
                        RegistryOptions.defaults().withCacheFolder(cache),
                        host)
                .as("ada");
    }

    private static Registration model(String content) {
        return Registration.empty().file("model.bin", content.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> requests() {
        return store.proxy.requests().stream().map(RequestTableTest::printed).toList();
    }

    private static String printed(ProxiedRequest request) {
        String target = URLDecoder.decode(request.target(), StandardCharsets.UTF_8);
        Matcher object = OBJECT.matcher(target);
        Matcher insertion = INSERTION.matcher(target);
        Matcher listing = LISTING.matcher(target);
        if (request.method().equals("GET") && object.matches()) {
            return (object.group(2) == null ? "look at " : "read ") + object.group(1);
        }
        if (request.method().equals("POST") && insertion.matches()) {
            String key = insertion.group(1).replaceFirst("sha256/.*", "…");
            return (target.contains("ifGenerationMatch=0") ? "create " : "overwrite ") + key;
        }
        return request.method().equals("GET") && listing.matches() ? "list " + listing.group(1) : request.toString();
    }

    @Test
    void resolvingFromMemoryAsksForNothing() {
        tumor.environment("production").promote(1, "start");
        tumor.environment("production").resolve();
        store.proxy.reset();

        ada.resolve("tumor:production");

        assertThat(requests()).isEmpty();
    }

    @Test
    void resolvingStronglyWhenWarmReadsTheNextPlace() {
        tumor.environment("production").promote(1, "start");
        store.proxy.reset();

        tumor.environment("production").resolve(Consistency.STRONG);

        assertThat(requests()).containsExactly("read environments/production/tumor/0000000002.json");
    }

    @Test
    void resolvingStronglyWhenColdReadsTheHintTheTipTheNextPlaceAndTheVersion() {
        tumor.environment("production").promote(1, "start");
        try (ModelRegistry ben = client()) {
            store.proxy.reset();

            ben.model("tumor").environment("production").resolve(Consistency.STRONG);

            assertThat(requests())
                    .containsExactlyInAnyOrder(
                            "read hints/environments/production/tumor.json",
                            "read environments/production/tumor/0000000001.json",
                            "read environments/production/tumor/0000000002.json",
                            "read versions/tumor/0000000001.json");
        }
    }

    @Test
    void aPromotionReadsPolicyAndLifeCreatesLooksForARetirementAndHints() {
        Environment production = tumor.environment("production");
        production.promote(1, "start");
        tumor.environment("scratch").promote(2, "warm up");
        store.proxy.reset();

        production.promote(2, "next");

        assertThat(requests())
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
    void aRegistrationSendsItsBlobsTheManifestTheEntryAndTheHint() {
        tumor.register(Registration.empty()
                .file("model.bin", "three".getBytes(StandardCharsets.UTF_8))
                .file("scaler.json", "{}".getBytes(StandardCharsets.UTF_8)));

        assertThat(requests())
                .containsExactlyInAnyOrder(
                        "create blobs/tumor/…",
                        "create blobs/tumor/…",
                        "create blobs/tumor/…",
                        "look at versions/tumor/0000000002.json",
                        "create versions/tumor/0000000003.json",
                        "overwrite hints/versions/tumor.json");
    }

    @Test
    void aPinnedVersionIsReadOnce() {
        try (ModelRegistry ben = client()) {
            store.proxy.reset();

            ben.resolve("tumor@1");
            ben.resolve("tumor@1");

            assertThat(requests()).containsExactly("read versions/tumor/0000000001.json");
        }
    }

    @Test
    void modelsAreListedInOneRequest() {
        assertThat(ada.models()).hasSize(1);

        assertThat(requests()).containsExactly("list models/");
    }
}
