package io.modelregistry.core.artifact;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.Host;
import io.modelregistry.ModelName;
import io.modelregistry.RegistryOptions;
import io.modelregistry.VersionId;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Parallel;
import io.modelregistry.core.log.Store;
import io.modelregistry.storage.Checksum;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.CountingBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.Registration;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** A store in memory and clients of it that share a cache folder, as processes of one machine do. */
final class ArtifactRig {
    static final ModelName MODEL = ModelName.of("fraud-detector");
    static final String REGISTRY = "0123456789abcdef";

    final ManualHost host;
    final MemoryStore memory;
    final CountingBackend backend;
    final Path cacheFolder;
    final Artifacts artifacts;

    ArtifactRig(Path cacheFolder) {
        this(cacheFolder, Runnable::run);
    }

    ArtifactRig(Path cacheFolder, Executor executor) {
        this.cacheFolder = cacheFolder;
        host = new ManualHost(executor);
        memory = new MemoryStore(host);
        backend = new CountingBackend(memory.open());
        artifacts = client(host, backend, RegistryOptions.defaults().withCacheFolder(cacheFolder));
    }

    /** Another process with the same cache. */
    Artifacts another(StorageBackend itsBackend) {
        return another(itsBackend, RegistryOptions.defaults().withCacheFolder(cacheFolder));
    }

    Artifacts another(StorageBackend itsBackend, RegistryOptions options) {
        return client(host.another(Duration.ZERO), itsBackend, options);
    }

    private static Artifacts client(Host host, StorageBackend backend, RegistryOptions options) {
        Store store = new Store(backend, host, options.operationTimeout());
        return new Artifacts(store, new Parallel(host), REGISTRY, options, new Listeners("a test"));
    }

    /** Prepares and uploads, as a registration does; the entry is not written. */
    ModelVersion register(Registration registration) {
        PreparedArtifact prepared = artifacts.prepare(registration);
        artifacts.upload(MODEL, prepared, Set.of(), List.of());
        backend.reset();
        return version(prepared);
    }

    static ModelVersion version(PreparedArtifact prepared) {
        return new ModelVersion(
                new VersionId(MODEL, 1),
                null,
                prepared.artifact(),
                null,
                List.of(),
                Map.of(),
                Map.of(),
                Provenance.none(),
                null,
                null,
                Actor.of("ci"),
                ManualHost.START);
    }

    Path download(ModelVersion version) {
        return artifacts.download(version, Progress.none()).folder();
    }

    /** This registry's folder in the cache. */
    Path cache() {
        return cacheFolder.resolve(REGISTRY);
    }

    Path cachedBlob(byte[] content) {
        return cache().resolve("blobs").resolve(Digest.of(content).hex());
    }

    static String blobKey(byte[] content) {
        return KeyLayout.blob(MODEL, Digest.of(content));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** So many bytes that don't repeat soon. */
    static byte[] noise(int seed, int length) {
        byte[] noise = new byte[length];
        int state = seed * 2 + 1;
        for (int i = 0; i < length; i++) {
            state = state * 1_664_525 + 1_013_904_223;
            noise[i] = (byte) (state >>> 24);
        }
        return noise;
    }

    /** The same store, which keeps other checksums. */
    static StorageBackend withChecksums(StorageBackend backend, UnaryOperator<Checksum> checksum) {
        return (StorageBackend) Proxy.newProxyInstance(
                ArtifactRig.class.getClassLoader(),
                new Class<?>[] {StorageBackend.class},
                (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(backend, arguments);
                        return method.getName().equals("stat")
                                ? ((Optional<?>) answer).map(o -> withChecksum((ObjectInfo) o, checksum))
                                : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static ObjectInfo withChecksum(ObjectInfo info, UnaryOperator<Checksum> checksum) {
        return new ObjectInfo(info.sizeBytes(), checksum.apply(info.checksum()), info.storedAt(), info.generation());
    }
}
