package io.modelregistry.version;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.RequestId;
import io.modelregistry.Texts;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Metrics measured on a version after it was registered.
 *
 * @param metrics at least one; a later value for the same {@link Metric.Key} takes the earlier one's place
 * @param reason why, for the audit trail: up to 200 characters
 */
public record Evaluation(
        List<Metric> metrics, String reason, @Nullable RequestId requestId) {
    public Evaluation {
        metrics = List.copyOf(metrics);
        if (metrics.isEmpty()) {
            throw new InvalidRequestException("An evaluation has at least one metric");
        }
        if (metrics.stream().map(Metric::key).distinct().count() < metrics.size()) {
            throw new InvalidRequestException("An evaluation has one value for each metric, dataset and slice");
        }
        Texts.line("reason", reason, 200);
    }

    public static Evaluation of(String reason, Metric... metrics) {
        return new Evaluation(List.of(metrics), reason, null);
    }

    /** Recording it again with the same id changes nothing. */
    public Evaluation request(String id) {
        return new Evaluation(metrics, reason, RequestId.of(id));
    }

    public Optional<RequestId> request() {
        return Optional.ofNullable(requestId);
    }
}
