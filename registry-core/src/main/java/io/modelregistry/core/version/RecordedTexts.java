package io.modelregistry.core.version;

import io.modelregistry.TextValidator.Kind;
import io.modelregistry.core.log.TextGuard;
import io.modelregistry.version.Artifact;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.Dataset;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelCard;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.Registration;
import io.modelregistry.version.Signature;
import io.modelregistry.version.TensorSpec;
import io.modelregistry.version.TrainingCode;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows the guard every text that a caller chose and that would become part of an entry. Not what a machine captured: the names on a class path.
 */
final class RecordedTexts {
    private final TextGuard guard;

    RecordedTexts(TextGuard guard) {
        this.guard = guard;
    }

    void check(Registration registration, Artifact artifact) {
        registration.description().ifPresent(text -> guard.check(Kind.DESCRIPTION, text));
        registration.parameters().forEach((name, value) -> pair(Kind.PARAMETER, name, value));
        registration.tags().forEach((name, value) -> pair(Kind.TAG, name, value));
        check(registration.metrics());
        check(registration.provenance());
        registration.signature().ifPresent(this::check);
        registration.card().ifPresent(this::check);
        artifact.files()
                .forEach(file ->
                        guard.check(Kind.PATH, "path of a file", file.path().value()));
    }

    void check(Evaluation evaluation) {
        check(evaluation.metrics());
        for (Attestation attestation : evaluation.attestations()) {
            guard.check(Kind.ATTESTATION, "name of an attestation", attestation.name());
            optional(Kind.ATTESTATION, "document of an attestation", attestation.document());
        }
    }

    private void check(Collection<Metric> metrics) {
        for (Metric metric : metrics) {
            guard.check(Kind.METRIC, "name of a metric", metric.name());
            optional(Kind.DATASET, "dataset of a metric", metric.dataset());
            optional(Kind.METRIC, "slice of a metric", metric.slice());
        }
    }

    private void check(Provenance provenance) {
        TrainingCode code = provenance.code();
        if (code != null) {
            guard.check(Kind.CODE, "repository", code.repository());
            guard.check(Kind.CODE, "commit", code.commit());
        }
        datasets("a training dataset", provenance.trainingData());
        datasets("an evaluation dataset", provenance.evaluationData());
        optional(Kind.RUN, Kind.RUN.words(), provenance.runId());
        provenance.seeds().keySet().forEach(name -> guard.check(Kind.SEED, "name of a seed", name));
    }

    private void datasets(String what, List<Dataset> datasets) {
        for (Dataset dataset : datasets) {
            guard.check(Kind.DATASET, "name of " + what, dataset.name());
            optional(Kind.DATASET, "URI of " + what, dataset.uri());
        }
    }

    private void check(Signature signature) {
        for (TensorSpec input : signature.inputs()) {
            guard.check(Kind.TENSOR, "name of an input", input.name());
        }
        for (TensorSpec output : signature.outputs()) {
            guard.check(Kind.TENSOR, "name of an output", output.name());
        }
    }

    private void check(ModelCard card) {
        optional(Kind.MODEL_CARD, "intended use", card.intendedUse());
        optional(Kind.MODEL_CARD, "limits of use", card.limits());
    }

    /** The name is looked at first, so that the message about the value may say it. */
    private void pair(Kind kind, String name, String value) {
        guard.check(kind, "name of a " + kind.words(), name);
        guard.check(kind, kind.words() + " " + name, value);
    }

    private void optional(Kind kind, String field, @Nullable String text) {
        if (text != null) {
            guard.check(kind, field, text);
        }
    }
}
