package io.modelregistry.version;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.RequestId;
import io.modelregistry.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a version after it was registered: metrics, and what somebody attests.
 *
 * @param metrics a later value for the same {@link Metric.Key} takes the earlier one's place
 * @param attestations a later one of the same name takes the earlier one's place; only for {@link io.modelregistry.Version#assess}
 * @param reason why, for the audit trail: up to 200 characters
 */
public record Evaluation(
        List<Metric> metrics,
        List<Attestation> attestations,
        String reason,
        @Nullable RequestId requestId) {
    public Evaluation {
        metrics = List.copyOf(metrics);
        attestations = List.copyOf(attestations);
        if (metrics.isEmpty() && attestations.isEmpty()) {
            throw new InvalidRequestException("An evaluation has at least one metric or attestation");
        }
        if (attestations.stream().map(Attestation::name).distinct().count() < attestations.size()) {
            throw new InvalidRequestException("An evaluation attests each thing once");
        }
        if (metrics.stream().map(Metric::key).distinct().count() < metrics.size()) {
            throw new InvalidRequestException("An evaluation has one value for each metric, dataset and slice");
        }
        Texts.line("reason", reason, 200);
    }

    public static Evaluation of(String reason, Metric... metrics) {
        return new Evaluation(List.of(metrics), List.of(), reason, null);
    }

    /** Attests things and measures nothing. */
    public static Evaluation attesting(String reason, Attestation... attestations) {
        return new Evaluation(List.of(), List.of(attestations), reason, null);
    }

    /** Attests one thing more, such as {@code clinical-validation}. */
    public Evaluation attest(Attestation attestation) {
        List<Attestation> more = new ArrayList<>(attestations);
        more.add(attestation);
        return new Evaluation(metrics, more, reason, requestId);
    }

    /** Recording it again with the same id changes nothing. */
    public Evaluation request(String id) {
        return new Evaluation(metrics, attestations, reason, RequestId.of(id));
    }

    public Optional<RequestId> request() {
        return Optional.ofNullable(requestId);
    }
}
