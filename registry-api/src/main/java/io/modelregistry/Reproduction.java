package io.modelregistry;

import io.modelregistry.compare.RuntimeDrift;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Receipt;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import io.modelregistry.version.RuntimeSnapshot;
import io.modelregistry.version.Signature;
import java.util.List;
import java.util.Optional;

/**
 * What stood behind a prediction, found again from its {@link Receipt}: either all of it, or exactly what is {@link #missing}. What was found was
 * compared with the receipt's digests. Thread-safe; what it says is what the store held when it was made.
 */
public interface Reproduction {

    /** What a receipt names. */
    enum Part {
        REGISTRY,
        /** The version's record. */
        VERSION,
        /** The change that made the environment serve it. */
        DEPLOYMENT,
        /** The content of a file, or the list of the files. */
        BLOB
    }

    /** What is wrong with it. */
    enum Problem {
        /** Nothing stands there. */
        GONE,
        /** Something else stands there than the receipt names. */
        DIFFERENT,
        /** What stands there can't be read. */
        DAMAGED
    }

    /**
     * Something that a receipt names and that isn't there as it was.
     *
     * @param key where it should be
     * @param message what was expected, what was found, and what to do
     */
    record Missing(Part part, Problem problem, String key, String message) {
        @Override
        public String toString() {
            return part + " " + problem + " " + key + ": " + message;
        }
    }

    Receipt receipt();

    /** What isn't there as the receipt names it; empty when all is. Whether a blob's bytes are right is seen by {@link #download}. */
    List<Missing> missing();

    default boolean isComplete() {
        return missing().isEmpty();
    }

    /** The version, if the record that stands names the receipt's bytes. */
    Optional<ModelVersion> version();

    /** Who made the environment serve it, when and why; empty when the version was named itself, or when that is {@link #missing}. */
    Optional<Deployment> deployment();

    /** Inputs and outputs, where they were stated. */
    default Optional<Signature> signature() {
        return version().map(ModelVersion::signature);
    }

    /** The software it was registered with, where that was captured. */
    default Optional<RuntimeSnapshot> runtime() {
        return version().map(found -> found.provenance().runtime());
    }

    /** How this process's software differs from that; empty where none was captured. */
    Optional<RuntimeDrift> drift();

    /**
     * Brings the files into the local cache if they aren't there, and verifies every byte.
     *
     * @throws IntegrityException when they can't be had; it names all that is missing
     */
    default LocalArtifact download() {
        return download(Progress.none());
    }

    LocalArtifact download(Progress progress);
}
