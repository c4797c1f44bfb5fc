package io.modelregistry.core;

import io.modelregistry.Actor;
import io.modelregistry.Label;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NoteId;
import io.modelregistry.Version;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.core.audit.Trail;
import io.modelregistry.core.version.CitedEntry;
import io.modelregistry.core.version.Evaluations;
import io.modelregistry.environment.ExperimentRun;
import io.modelregistry.lifecycle.Approval;
import io.modelregistry.lifecycle.LifecycleMove;
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
import java.util.function.Supplier;

/** A version's handle: ties the parts of the registry to one version. */
final class LogBackedVersion implements Version {
    private final Parts parts;
    private final VersionId id;
    private final Supplier<Actor> actor;

    /** @param actor throws when nobody was named */
    LogBackedVersion(Parts parts, VersionId id, Supplier<Actor> actor) {
        this.parts = parts;
        this.id = id;
        this.actor = actor;
    }

    @Override
    public VersionId id() {
        return id;
    }

    @Override
    public ModelVersion require() {
        return parts.checkOpen().versions().require(id);
    }

    @Override
    public Optional<ModelVersion> find() {
        return parts.checkOpen().versions().find(id);
    }

    @Override
    public Citation citation() {
        require();
        return new Citation(parts.streams().registry(), id, parts.versions().entry(id));
    }

    @Override
    public void verifyOrigin(ModelRegistry source) {
        new Copies(parts).verify(require(), source);
    }

    @Override
    public Optional<Label> label() {
        return Optional.ofNullable(require().label())
                .filter(label ->
                        parts.versions().labels().find(id.model(), label).equals(Optional.of(id)));
    }

    @Override
    public List<Metric> metrics() {
        return parts.evaluations().metrics(require());
    }

    @Override
    public List<ArtifactFile> files() {
        return parts.artifacts().files(id.model(), require().artifact());
    }

    @Override
    public LocalArtifact download(Progress progress) {
        LocalArtifact local = parts.artifacts().download(require(), progress);
        parts.versions().keep(id);
        return local;
    }

    @Override
    public void prefetch(Progress progress) {
        parts.artifacts().prefetch(require(), progress);
        parts.versions().keep(id);
    }

    @Override
    public Path downloadTo(Path folder, Progress progress) {
        return parts.artifacts().downloadTo(require(), folder, progress);
    }

    @Override
    public void evaluate(Evaluation evaluation) {
        Actor writer = actor.get();
        require();
        parts.evaluations().add(id, evaluation, writer);
    }

    @Override
    public void assess(Evaluation assessment) {
        Actor writer = actor.get();
        require();
        parts.evaluations().assess(id, assessment, writer);
    }

    @Override
    public List<Metric> assessedMetrics() {
        require();
        return parts.evaluations().assessed(id).decode(Evaluations::measured);
    }

    @Override
    public List<Attestation> attestations() {
        require();
        return parts.evaluations().assessed(id).decode(Evaluations::attested);
    }

    @Override
    public Review review() {
        require();
        return parts.reviews().review(id);
    }

    @Override
    public NoteId addNote(String text) {
        Actor writer = actor.get();
        require();
        parts.policies().require(writer, Role.CONTRIBUTOR, "Cannot add a note to " + id);
        return parts.notes().add(id, text, writer);
    }

    @Override
    public List<Note> notes() {
        require();
        return parts.notes().all(id);
    }

    @Override
    public void eraseNote(NoteId note, String reason) {
        Actor writer = actor.get();
        require();
        parts.policies().require(writer, Role.CONTRIBUTOR, "Cannot erase a note of " + id);
        parts.notes().erase(id, note, reason, writer);
    }

    @Override
    public LifecycleState state() {
        require();
        return parts.reviews().standing(id).state();
    }

    @Override
    public StateAt stateAsOf(Instant instant) {
        require();
        return parts.reviews().asOf(id, instant);
    }

    @Override
    public LifecycleState submit(String reason) {
        Actor writer = actor.get();
        require();
        return parts.reviews().submit(id, reason, writer);
    }

    @Override
    public LifecycleState approve(Approval approval) {
        Actor writer = actor.get();
        return parts.reviews().approve(require(), approval, writer);
    }

    @Override
    public LifecycleState reject(String reason) {
        return judge(LifecycleMove.REJECT, reason);
    }

    @Override
    public LifecycleState deprecate(String reason) {
        return judge(LifecycleMove.DEPRECATE, reason);
    }

    @Override
    public List<AuditEvent> evidence() {
        Citation origin = require().provenance().copiedFrom();
        return origin == null
                ? List.of()
                : Trail.cited(origin.registry(), parts.evidence().of(id));
    }

    /** What stands of it here, for a copy elsewhere. */
    List<CitedEntry> citable() {
        return parts.evidence().collect(id);
    }

    @Override
    public List<ExperimentRun> experiments() {
        require();
        return parts.environmentReader().experiments(id.model(), parts.names().environments()).stream()
                .filter(run -> run.names(id.number()))
                .toList();
    }

    @Override
    public LifecycleState reinstate(String reason) {
        return judge(LifecycleMove.REINSTATE, reason);
    }

    @Override
    public LifecycleState retire(String reason) {
        Actor writer = actor.get();
        require();
        return parts.reviews()
                .retire(id, reason, writer, () -> parts.environments().servedBy(id));
    }

    @Override
    public String toString() {
        return id.toString();
    }

    private LifecycleState judge(LifecycleMove move, String reason) {
        Actor writer = actor.get();
        require();
        return parts.reviews().judge(id, move, reason, writer);
    }
}
