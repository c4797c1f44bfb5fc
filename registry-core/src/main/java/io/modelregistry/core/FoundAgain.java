package io.modelregistry.core;

import static java.util.stream.Collectors.joining;

import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.Reproduction;
import io.modelregistry.compare.RuntimeDrift;
import io.modelregistry.core.artifact.Artifacts;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Receipt;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@link Reproductions} found of one receipt. */
record FoundAgain(
        Artifacts artifacts,
        Receipt receipt,
        List<Missing> missing,
        @Nullable ModelVersion record,
        @Nullable Deployment change,
        @Nullable RuntimeDrift sinceThen)
        implements Reproduction {
    FoundAgain {
        missing = List.copyOf(missing);
    }

    @Override
    public Optional<ModelVersion> version() {
        return Optional.ofNullable(record);
    }

    @Override
    public Optional<Deployment> deployment() {
        return Optional.ofNullable(change);
    }

    @Override
    public Optional<RuntimeDrift> drift() {
        return Optional.ofNullable(sinceThen);
    }

    /** Tried also when blobs are missing: the local cache may hold them, and checks every byte. */
    @Override
    public LocalArtifact download(Progress progress) {
        if (record == null) {
            Missing first = missing.get(0);
            throw new IntegrityException(
                    first.part() == Part.REGISTRY ? Damage.WRONG_REGISTRY : damage(first.problem()),
                    first.key(),
                    "Cannot reproduce " + receipt + ": "
                            + missing.stream().map(Missing::message).collect(joining("; ")),
                    null);
        }
        return artifacts.download(record, progress);
    }

    @Override
    public String toString() {
        return receipt + ": "
                + (missing.isEmpty()
                        ? "complete"
                        : missing.stream().map(Missing::toString).collect(joining("; ")));
    }

    private static Damage damage(Problem problem) {
        return switch (problem) {
            case GONE -> Damage.MISSING_ENTRY;
            case DIFFERENT -> Damage.TAMPERED;
            case DAMAGED -> Damage.CORRUPT_ENTRY;
        };
    }
}
