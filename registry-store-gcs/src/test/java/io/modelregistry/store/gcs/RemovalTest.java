package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.proxy.CannedAnswer;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import io.modelregistry.version.Registration;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Deleting where the bucket keeps versions, where it retains objects, and where answers are lost. */
@Timeout(60)
final class RemovalTest {
    private static final String KEY = "notes/tumor/1";
    private static final String NAME = GcsFixture.object(KEY);

    @TempDir
    Path cache;

    private final ProxiedStore store = new ProxiedStore();
    private final GcsBackend backend = store.backend();

    @AfterEach
    void close() {
        store.close();
    }

    private Generation generation() {
        return backend.stat(KEY).orElseThrow().generation();
    }

    @Test
    void aVersionedBucketKeepsNoVersionOfADeletedObjectAndAllOfItsNeighbours() {
        store.bucket.versioned();
        for (int i = 0; i < 3; i++) {
            backend.overwrite(KEY, new byte[] {(byte) i});
            backend.overwrite(KEY + "0", new byte[] {(byte) i});
        }

        backend.delete(KEY, generation());

        assertThat(store.bucket.versions(NAME)).isEmpty();
        assertThat(store.bucket.versions(NAME + "0")).hasSize(3);
        assertThat(backend.create(KEY, new byte[1])).isEqualTo(CreateOutcome.CREATED);
    }

    @Test
    void aDeleteOfAFormerGenerationLeavesEveryVersionOfAVersionedBucket() {
        store.bucket.versioned();
        backend.overwrite(KEY, new byte[1]);
        Generation former = generation();
        backend.overwrite(KEY, new byte[2]);

        backend.delete(KEY, former);

        assertThat(store.bucket.versions(NAME)).hasSize(2);
        assertThat(store.stored(KEY)).hasSize(2);
    }

    @Test
    void aDeleteThatBrokeOffLeavesTheObjectUntilItIsRepeated() {
        store.bucket.versioned();
        backend.overwrite(KEY, new byte[1]);
        backend.overwrite(KEY, new byte[2]);
        Generation generation = generation();
        store.proxy.plan(ProxyPlan.onceOn("DELETE .*", 2, ProxyFault.answer(CannedAnswer.of(503))));

        StorageException failure = catchThrowableOfType(StorageException.class, () -> backend.delete(KEY, generation));
        byte[] afterwards = store.stored(KEY);
        backend.delete(KEY, generation);

        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(afterwards).hasSize(2);
        assertThat(store.bucket.versions(NAME)).isEmpty();
    }

    @Test
    void aDeleteWhoseAnswerIsLostIsUnknownOrDoneAndMayBeRepeated() {
        backend.create(KEY, new byte[1]);
        Generation generation = generation();
        store.proxy.plan(ProxyPlan.onceOn("DELETE .*", 1, ProxyFault.answerAfter(CannedAnswer.of(503))));

        StorageException failure = catchThrowableOfType(StorageException.class, () -> backend.delete(KEY, generation));
        backend.delete(KEY, generation);

        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(store.stored(KEY)).isNull();
    }

    /** A request without a body is repeated unseen by the JDK; it names its generation, so nothing else can be hit. */
    @Test
    void aDeleteThatIsSentTwiceHitsNothingThatWasWrittenMeanwhile() {
        backend.create(KEY, new byte[1]);
        Generation generation = generation();
        store.proxy.plan(request -> {
            if (request.method().equals("DELETE")) {
                store.bucket.plant(NAME, new byte[7], new JsonObject());
            }
            return ProxyFault.NONE;
        });

        backend.delete(KEY, generation);

        assertThat(store.stored(KEY)).hasSize(7);
    }

    @Test
    void whereDeletingCannotLookNothingWasChanged() {
        backend.create(KEY, new byte[1]);
        Generation generation = generation();
        store.proxy.plan(ProxyPlan.everyTimeOn("GET .*versions=true.*", ProxyFault.answer(CannedAnswer.of(503))));

        StorageException failure = catchThrowableOfType(StorageException.class, () -> backend.delete(KEY, generation));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(store.count("DELETE .*")).isZero();
    }

    @Test
    void whatIsRetainedSaysSoAndStays() {
        store.bucket.retention(Duration.ofDays(1));
        backend.create(KEY, new byte[1]);

        StorageException ofDelete =
                catchThrowableOfType(StorageException.class, () -> backend.delete(KEY, generation()));
        StorageException ofOverwrite =
                catchThrowableOfType(StorageException.class, () -> backend.overwrite(KEY, new byte[2]));

        for (StorageException failure : new StorageException[] {ofDelete, ofOverwrite}) {
            assertThat(failure.kind()).isEqualTo(Kind.DENIED);
            assertThat(failure)
                    .hasMessageContaining("retentionPolicyNotMet")
                    .hasMessageContaining("the object is retained");
        }
        assertThat(store.stored(KEY)).hasSize(1);
    }

    /** Entries are never replaced or deleted anyway; hints and probes are tidied up where that is allowed. */
    @Test
    void aRegistryWorksWhereEverythingIsRetained() {
        store.bucket.retention(Duration.ofDays(365));
        ManualHost host = ProxiedStore.hostAtTheServersTime();

        try (ModelRegistry registry = ModelRegistry.on(
                        store.backend(store.client(), GcsSettings.defaults(), host),
                        RegistryOptions.defaults().withCacheFolder(cache),
                        host)
                .as("ada")) {
            for (int n = 1; n <= 3; n++) {
                registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {(byte) n}));
                registry.model("tumor").environment("production").promote(n, "next");
            }

            assertThat(registry.model("tumor").environment("production").history())
                    .hasSize(3);
            assertThat(registry.verify().errors()).isEmpty();
        }
    }
}
