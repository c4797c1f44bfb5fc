package io.modelregistry.version;

import io.modelregistry.Actor;
import io.modelregistry.Label;
import io.modelregistry.VersionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model, as it was registered. It never changes: what is measured or decided later stands in streams of its own.
 *
 * @param label the label asked for at registration; it names this version only if {@link io.modelregistry.Version#label} confirms it
 * @param metrics measured at registration, one for each {@link Metric.Key}
 * @param registeredBy who registered it
 * @param registeredAt by the writer's clock
 */
public record ModelVersion(
        VersionId id,
        @Nullable Label label,
        Artifact artifact,
        @Nullable String description,
        List<Metric> metrics,
        Map<String, String> parameters,
        Map<String, String> tags,
        Provenance provenance,
        @Nullable Signature signature,
        @Nullable ModelCard card,
        Actor registeredBy,
        Instant registeredAt) {
    public ModelVersion {
        metrics = List.copyOf(metrics);
        parameters = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        tags = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    public long number() {
        return id.number();
    }

    /** The metric of this name that states neither dataset nor slice, else the only one of this name. */
    public Optional<Metric> metric(String name) {
        List<Metric> named = metrics.stream().filter(m -> m.name().equals(name)).toList();
        Optional<Metric> plain = named.stream()
                .filter(m -> m.dataset() == null && m.slice() == null)
                .findFirst();
        return plain.isPresent() || named.size() != 1 ? plain : Optional.of(named.get(0));
    }
}
