package io.modelregistry.compare;

import io.modelregistry.VersionId;
import io.modelregistry.compare.ValueDifference.Section;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What differs between two versions.
 *
 * @param metrics every metric that either has, whether it differs or not, ordered by name
 * @param differences every other fact that differs, ordered by section and name
 */
public record Comparison(
        VersionId before, VersionId after, List<MetricDifference> metrics, List<ValueDifference> differences) {
    public Comparison {
        metrics = List.copyOf(metrics);
        differences = List.copyOf(differences);
    }

    /**
     * Compares two versions by their records and all metrics known of them, those of later evaluations included.
     */
    public static Comparison of(
            ModelVersion before,
            Collection<Metric> metricsBefore,
            ModelVersion after,
            Collection<Metric> metricsAfter) {
        List<ValueDifference> differences = Facts.differences(Facts.of(before), Facts.of(after));
        return new Comparison(before.id(), after.id(), metrics(metricsBefore, metricsAfter), differences);
    }

    /** The metric that states neither dataset nor slice, else the only one of this name. */
    public Optional<MetricDifference> metric(String name) {
        List<MetricDifference> named =
                metrics.stream().filter(m -> m.key().name().equals(name)).toList();
        Optional<MetricDifference> plain = named.stream()
                .filter(m -> m.key().dataset() == null && m.key().slice() == null)
                .findFirst();
        return plain.isPresent() || named.size() != 1 ? plain : Optional.of(named.get(0));
    }

    public List<ValueDifference> differences(Section section) {
        return differences.stream().filter(d -> d.section() == section).toList();
    }

    /** A table for a terminal. */
    public String toText() {
        return ComparisonText.plain(this);
    }

    /** A table in GitHub-flavoured Markdown. */
    public String toMarkdown() {
        return ComparisonText.markdown(this);
    }

    private static List<MetricDifference> metrics(Collection<Metric> before, Collection<Metric> after) {
        Map<Metric.Key, Metric> old = before.stream().collect(Collectors.toMap(Metric::key, Function.identity()));
        Map<Metric.Key, Metric> young = after.stream().collect(Collectors.toMap(Metric::key, Function.identity()));
        Set<Metric.Key> keys = new LinkedHashSet<>(old.keySet());
        keys.addAll(young.keySet());
        return keys.stream()
                .sorted(Comparator.comparing(Metric.Key::toString))
                .map(key -> MetricDifference.of(key, old.get(key), young.get(key)))
                .toList();
    }
}
