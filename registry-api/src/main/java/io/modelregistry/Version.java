package io.modelregistry;

import io.modelregistry.audit.AuditEvent;
import io.modelregistry.environment.ExperimentRun;
import io.modelregistry.lifecycle.Approval;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.lifecycle.Review;
import io.modelregistry.lifecycle.StateAt;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.Citation;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Note;
import io.modelregistry.version.Progress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A handle on one version: what is known of it, its files, and its life. Thread-safe; holds no state of its own. Every method that reads
 * throws {@link NotFoundException} when there is no such version.
 */
public interface Version {

    VersionId id();

    /** The record; an immutable object that is read from the store once. */
    ModelVersion require();

    /** The record, if there is one. */
    Optional<ModelVersion> find();

    /** Names this very record, for other registries; asks the store. */
    Citation citation();

    /**
     * Compares a copy with the version that it says it is a copy of: that version's entry and all that is cited as evidence, byte for byte, and everything the two records say.
     *
     * @param source the registry that it was copied from
     * @throws InvalidRequestException when this is no copy, or one from another registry
     * @throws NotFoundException when there is no such version there
     * @throws IntegrityException when they are not the same
     */
    void verifyOrigin(ModelRegistry source);

    /** The label, if it was asked for at registration and this version won it. */
    Optional<Label> label();

    /** All metrics, those of later evaluations included. */
    List<Metric> metrics();

    /** All files, read from the manifest when there are more than the record holds. */
    List<ArtifactFile> files();

    /** Brings the files into the local cache if they aren't there, and verifies every byte. */
    default LocalArtifact download() {
        return download(Progress.none());
    }

    LocalArtifact download(Progress progress);

    /**
     * As {@link #download}, for later: brings the files into the local cache, where this and other processes of the machine find them, also while the store is
     * away. What is only prefetched may be removed again when the cache is full and it wasn't used for an hour.
     */
    default void prefetch() {
        prefetch(Progress.none());
    }

    void prefetch(Progress progress);

    /**
     * Writes the files into a folder of the caller's own, every byte verified. The folder appears at once and whole; it must not exist, or be empty.
     */
    default Path downloadTo(Path folder) {
        return downloadTo(folder, Progress.none());
    }

    Path downloadTo(Path folder, Progress progress);

    /** Adds metrics measured after registration, by whoever trains. Takes a contributor. */
    void evaluate(Evaluation evaluation);

    /**
     * Adds metrics measured and things attested by somebody independent of those who train. Takes an evaluator; a policy can insist on these.
     */
    void assess(Evaluation assessment);

    /** The metrics that evaluators measured: the latest of each name, dataset and slice. */
    List<Metric> assessedMetrics();

    /** What evaluators attest: the latest of each name. */
    List<Attestation> attestations();

    /**
     * Adds free text that can be erased later, which nothing else here can: the place for names, patients and opinions.
     *
     * @param text up to 10,000 characters; a version has at most 200 notes, erased ones included
     */
    NoteId addNote(String text);

    /** All notes in the order they were added, each compared with its digest in the audit trail; asks the store. */
    List<Note> notes();

    /**
     * Erases a note's text for good, all its versions on a versioned bucket. The audit trail keeps that there was a note, who erased it and why. Erasing
     * again does what was left undone.
     *
     * @throws NotFoundException when the version has no such note
     */
    void eraseNote(NoteId id, String reason);

    /** Where its life stands; asks the store. */
    LifecycleState state();

    /** Where its life stood at an instant of the store's clock, and how sure that is. */
    StateAt stateAsOf(Instant instant);

    /** Asks for review. */
    LifecycleState submit(String reason);

    /** Where its review stands, with the approvals that the newest submission has so far; asks the store. */
    Review review();

    /** Agrees with the newest submission. */
    default LifecycleState approve(String reason) {
        return approve(Approval.of(reason));
    }

    /**
     * Agrees with the newest submission: a signature under the bytes that the version's manifest names. APPROVED once the policy has all the approvals
     * it asks for, which is one while there is no policy; IN_REVIEW until then.
     *
     * @throws io.modelregistry.policy.RulesUnmetException when this approval isn't one that the policy counts
     */
    LifecycleState approve(Approval approval);

    /**
     * Of a copy: what had been submitted, judged and assessed of the original when it was copied, by whom and why, as the other registry's entries say; empty
     * for a version that is no copy. {@link #verifyOrigin} compares it with what stands there.
     */
    List<AuditEvent> evidence();

    /** The experiments in which it had an arm; see {@link Model#experiments}. */
    List<ExperimentRun> experiments();

    /** Refuses the newest submission. */
    LifecycleState reject(String reason);

    /** Advises against further use; environments that serve it go on. */
    LifecycleState deprecate(String reason);

    /** Takes a deprecation back. */
    LifecycleState reinstate(String reason);

    /**
     * Takes it out of use for good. Refused with a {@link ConflictException} that names the environment when one serves it. When it was begun and
     * couldn't be concluded, that is an {@link OutcomeUnknownException}: no environment can take the version up, and retiring it again carries on.
     */
    LifecycleState retire(String reason);
}
