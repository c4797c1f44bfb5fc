package io.modelregistry.core;

import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.ModelName;
import io.modelregistry.Reproduction;
import io.modelregistry.Reproduction.Missing;
import io.modelregistry.Reproduction.Part;
import io.modelregistry.Reproduction.Problem;
import io.modelregistry.compare.RuntimeDrift;
import io.modelregistry.core.artifact.Artifacts;
import io.modelregistry.core.environment.EnvironmentReader;
import io.modelregistry.core.environment.Place;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Store;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Rollout;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.RuntimeSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what receipts name, and says what isn't there as they name it. Thread-safe. */
final class Reproductions {
    private static final Logger LOG = LoggerFactory.getLogger(Reproductions.class);

    private final Streams streams;
    private final EnvironmentReader environments;
    private final Artifacts artifacts;
    private final Supplier<RuntimeSnapshot> runtime;

    /** @param runtime what this process runs with */
    Reproductions(
            Streams streams, EnvironmentReader environments, Artifacts artifacts, Supplier<RuntimeSnapshot> runtime) {
        this.streams = streams;
        this.environments = environments;
        this.artifacts = artifacts;
        this.runtime = runtime;
    }

    /** What was looked for: it is there, or something is to be said. */
    private record Found<T>(Optional<T> value, List<Missing> missing) {
        static <T> Found<T> nothing(Part part, Problem problem, String key, String message) {
            return new Found<>(Optional.empty(), List.of(new Missing(part, problem, key, message)));
        }
    }

    Reproduction of(Receipt receipt) {
        if (!receipt.registry().equals(streams.registry())) {
            Missing other = new Missing(
                    Part.REGISTRY,
                    Problem.DIFFERENT,
                    KeyLayout.REGISTRY,
                    "the receipt is of the registry " + receipt.registry() + ", and this one is " + streams.registry()
                            + ". Open that one; nothing was looked for here");
            return new FoundAgain(artifacts, receipt, List.of(other), null, null, null);
        }
        List<Callable<Found<?>>> reads = List.of(() -> version(receipt), () -> deployment(receipt));
        List<Found<?>> found = streams.parallel().call(reads);
        ModelVersion version = (ModelVersion) found.get(0).value().orElse(null);
        Deployment deployment = (Deployment) found.get(1).value().orElse(null);
        List<Missing> missing = new ArrayList<>();
        found.forEach(part -> missing.addAll(part.missing()));
        if (version != null) {
            missing.addAll(blobs(version));
        }
        return new FoundAgain(
                artifacts, receipt, missing, version, deployment, version == null ? null : drift(version));
    }

    /** The record in the store, not the one that this process remembers. */
    private Found<ModelVersion> version(Receipt receipt) {
        ModelName model = receipt.version().model();
        String key =
                KeyLayout.entry(KeyLayout.versions(model), receipt.version().number());
        Optional<ModelVersion> stored;
        try {
            stored = streams.log(KeyLayout.versions(model))
                    .entry(receipt.version().number())
                    .map(entry -> entry.decode(e -> VersionStore.describe(model, e)));
        } catch (IntegrityException e) {
            return Found.nothing(Part.VERSION, Problem.DAMAGED, key, String.valueOf(e.getMessage()));
        }
        if (stored.isEmpty()) {
            return Found.nothing(
                    Part.VERSION,
                    Problem.GONE,
                    key,
                    receipt.version() + " isn't there. Restore " + key + " from a backup or replica");
        }
        Digest manifest = stored.get().artifact().manifest();
        return receipt.names(manifest)
                ? new Found<>(stored, List.of())
                : Found.nothing(
                        Part.VERSION,
                        Problem.DIFFERENT,
                        key,
                        receipt.version() + " has the manifest " + manifest + ", and the receipt names sha256:"
                                + receipt.manifest() + "…: other bytes than those that were used. Find out who replaced"
                                + " the record");
    }

    private Found<Deployment> deployment(Receipt receipt) {
        Receipt.Choice choice = receipt.choice();
        if (choice == null) {
            return new Found<>(Optional.empty(), List.of());
        }
        Place place = new Place(choice.environment(), receipt.version().model());
        String key = KeyLayout.entry(KeyLayout.environment(place.environment(), place.model()), choice.revision());
        Optional<Deployment> stored;
        try {
            stored = environments.at(place, choice.revision());
        } catch (IntegrityException e) {
            return Found.nothing(Part.DEPLOYMENT, Problem.DAMAGED, key, String.valueOf(e.getMessage()));
        }
        if (stored.isEmpty()) {
            return Found.nothing(
                    Part.DEPLOYMENT,
                    Problem.GONE,
                    key,
                    "revision " + choice.revision() + " of " + place + " isn't there. Restore " + key
                            + " from a backup or replica");
        }
        Digest entry = stored.get().entry();
        if (!Receipt.kept(entry).equals(choice.entry())) {
            return Found.nothing(
                    Part.DEPLOYMENT,
                    Problem.DIFFERENT,
                    key,
                    "revision " + choice.revision() + " of " + place + " is the entry " + entry
                            + ", and the receipt names sha256:" + choice.entry()
                            + "…: it was replaced. Find out by whom");
        }
        boolean serves = stored.flatMap(Deployment::rollout).map(Rollout::arms).orElse(List.of()).stream()
                .anyMatch(arm -> arm.id().equals(choice.arm())
                        && arm.version() == receipt.version().number());
        long steps = stored.flatMap(Deployment::rollout).map(Rollout::steps).orElse(List.of()).stream()
                .filter(step -> step.at() != null)
                .count();
        return serves && choice.step() <= steps
                ? new Found<>(stored, List.of())
                : Found.nothing(
                        Part.DEPLOYMENT,
                        Problem.DIFFERENT,
                        key,
                        "revision " + choice.revision() + " of " + place + " doesn't serve " + receipt.version()
                                + " in its arm " + choice.arm() + ": no registry issued this receipt");
    }

    /** Whether each blob stands and has its length. */
    private List<Missing> blobs(ModelVersion version) {
        ModelName model = version.id().model();
        List<Callable<Optional<Missing>>> looks = new ArrayList<>();
        Map<Digest, Long> sizes = new LinkedHashMap<>();
        try {
            artifacts.files(model, version.artifact()).forEach(file -> sizes.put(file.digest(), file.sizeBytes()));
        } catch (IntegrityException e) {
            Problem problem = e.damage() == IntegrityException.Damage.MISSING_BLOB ? Problem.GONE : Problem.DAMAGED;
            return List.of(new Missing(Part.BLOB, problem, e.key(), String.valueOf(e.getMessage())));
        }
        sizes.put(version.artifact().manifest(), -1L);
        sizes.forEach((digest, size) -> looks.add(() -> blob(KeyLayout.blob(model, digest), size)));
        return streams.parallel().call(looks).stream().flatMap(Optional::stream).toList();
    }

    private Optional<Missing> blob(String key, long size) {
        Store store = streams.store();
        var stored = store.stat(key, store.deadline());
        if (stored.isEmpty()) {
            return Optional.of(new Missing(
                    Part.BLOB, Problem.GONE, key, "the blob isn't there. Restore it from a backup or replica"));
        }
        long found = stored.get().sizeBytes();
        return size < 0 || found == size
                ? Optional.empty()
                : Optional.of(new Missing(
                        Part.BLOB,
                        Problem.DAMAGED,
                        key,
                        "the blob has " + found + " bytes instead of " + size
                                + ". Restore it from a backup or replica"));
    }

    private @Nullable RuntimeDrift drift(ModelVersion version) {
        RuntimeSnapshot captured = version.provenance().runtime();
        if (captured == null) {
            return null;
        }
        RuntimeDrift drift = RuntimeDrift.between(captured, runtime.get());
        if (!drift.isNone()) {
            LOG.warn("{} is reproduced with other software than it was registered with: {}", version.id(), drift);
        }
        return drift;
    }
}
