package io.modelregistry;

import io.modelregistry.audit.AuditEvent;
import io.modelregistry.compare.Comparison;
import io.modelregistry.environment.ExperimentRun;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A handle on one model. Thread-safe; holds no state of its own. */
public interface Model {

    ModelName name();

    /**
     * Registers a version: hashes its files, uploads those that the registry lacks, and makes the record that names them visible last. The first
     * registration claims the model's name.
     *
     * @return the version as it stands; the first outcome when the request id was used before
     * @throws InvalidRequestException for files or names that can't be taken, before anything is written
     * @throws LabelTakenException when another version has the label
     */
    ModelVersion register(Registration registration);

    /**
     * Copies a version of another registry with its evidence: files, record, label, and the metrics of later evaluations. Here it is a new version with a
     * history of its own, a candidate, whose provenance {@linkplain io.modelregistry.version.Provenance#copiedFrom cites} the original; see
     * {@link Version#verifyOrigin}. The files pass through the other registry's local cache, every byte verified. Copying again, or while
     * somebody else does, returns the version that stands, under the label that it has, and adds what was measured since.
     *
     * <p>What was submitted, judged and assessed there is cited word for word: {@link Version#evidence}. It counts for no rule here, because authority isn't
     * copied: reviewers of this registry approve, with the evidence before them, and a copier who is an evaluator may {@linkplain CopyRequest#vouching vouch}
     * for the assessments. What belongs to one registry stays there: numbers of parents, notes. Reads the records of this model that this process doesn't know.
     *
     * @param reason why, for the audit trail: up to 200 characters
     * @throws OutcomeUnknownException when the version may stand without all that belongs to it: copying again is what adds the rest. Once it stands,
     *     {@link ModelRegistry#outcome} says {@code COMMITTED} of it alone
     * @throws LabelTakenException when the label names another version here; {@link CopyRequest#label} and {@link CopyRequest#withoutLabel} are ways out
     */
    default ModelVersion copyFrom(Version original, String reason) {
        return copyFrom(CopyRequest.of(original, reason));
    }

    /** As {@link #copyFrom(Version, String)}. */
    ModelVersion copyFrom(CopyRequest copy);

    /** Who answers for it, and whether it is archived; empty when nothing was registered under its name. Asks the store. */
    Optional<ModelInfo> info();

    /**
     * Names those who answer for it from here on, up to 50. A record for people and tools, not a permission: the store's access control decides who may
     * write.
     *
     * @throws NotFoundException when nothing was registered under its name
     */
    ModelInfo transfer(List<Actor> owners, String reason);

    /**
     * Refuses new versions from here on; those that stand are resolved, promoted and judged as before. Every process has noticed 30 seconds later: a
     * registration asks the store again when it last did so longer ago.
     *
     * @throws NotFoundException when nothing was registered under its name
     */
    ModelInfo archive(String reason);

    /** Takes new versions again. */
    ModelInfo restore(String reason);

    /** A handle on a version by number. Reads nothing. */
    Version version(long number);

    /** The newest version; asks the store. */
    Optional<ModelVersion> latest();

    /** All versions from the first to the newest; each is read when the stream comes to it. */
    Stream<ModelVersion> versions();

    /** What differs between two versions, metrics of later evaluations included. */
    Comparison compare(long before, long after);

    /** A handle on what an environment serves of this model. Reads nothing. Each handle remembers the revision it last returned. */
    Environment environment(String name);

    /** All experiments of all environments, each environment's in the order in which they began; reads every environment's history. */
    List<ExperimentRun> experiments();

    /** Everything that ever happened to this model, in one order: within a stream that of the stream, between streams that of the store's clock. */
    List<AuditEvent> history();
}
