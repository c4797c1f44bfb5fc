package io.modelregistry.compare;

import static io.modelregistry.compare.MetricDifference.Verdict.BETTER;
import static io.modelregistry.compare.MetricDifference.Verdict.CONTRADICTORY;
import static io.modelregistry.compare.MetricDifference.Verdict.INCOMPARABLE;
import static io.modelregistry.compare.MetricDifference.Verdict.SAME;
import static io.modelregistry.compare.MetricDifference.Verdict.WORSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelregistry.compare.MetricDifference.Verdict;
import io.modelregistry.compare.ValueDifference.Section;
import io.modelregistry.version.ArtifactFormat;
import io.modelregistry.version.Dataset;
import io.modelregistry.version.Metric;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.RuntimeSnapshot.Library;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ComparisonTest {
    static Stream<Arguments> pairs() {
        return Stream.of(
                arguments(high(0.8), high(0.9), BETTER),
                arguments(high(0.9), high(0.8), WORSE),
                arguments(low(0.8), low(0.9), WORSE),
                arguments(low(0.9), low(0.8), BETTER),
                arguments(high(0.9), high(0.9), SAME),
                arguments(high(0.0), high(-0.0), SAME),
                arguments(low(-0.0), low(0.0), SAME),
                arguments(high(0.9), high(Math.nextUp(0.9)), BETTER),
                arguments(high(-Double.MAX_VALUE), high(Double.MAX_VALUE), BETTER),
                arguments(high(0.9), high(0.9).within(0.8, 1, 0.95), SAME),
                arguments(high(0.8), low(0.9), CONTRADICTORY),
                arguments(low(0.9), high(0.9), CONTRADICTORY));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theDirectionOfAMetricSaysWhichVersionIsBetter(Metric before, Metric after, Verdict verdict) {
        Comparison comparison = Samples.metrics(List.of(before), List.of(after));

        assertThat(comparison.metrics()).containsExactly(new MetricDifference(before.key(), before, after, verdict));
    }

    @Test
    void theChangeIsHowMuchHigherTheSecondValueIs() {
        Comparison comparison = Samples.metrics(List.of(low(1.5)), List.of(low(1.0)));

        assertThat(comparison.metrics().get(0).change()).hasValue(-0.5);
    }

    @Test
    void whatOnlyOneVersionHasIsIncomparable() {
        Comparison comparison =
                Samples.metrics(List.of(high(0.9).on("old")), List.of(high(0.9).on("new")));

        assertThat(comparison.metrics())
                .extracting(MetricDifference::verdict)
                .containsExactly(INCOMPARABLE, INCOMPARABLE);
        assertThat(comparison.metrics())
                .allSatisfy(metric -> assertThat(metric.change()).isEmpty());
        assertThat(comparison.metrics().get(0).before()).isNull();
        assertThat(comparison.metrics().get(1).after()).isNull();
    }

    @Test
    void metricsAreMatchedByNameDatasetAndSliceAndOrderedByName() {
        Comparison comparison = Samples.metrics(
                List.of(metric("b", 1), metric("a", 1).on("x"), metric("a", 1)),
                List.of(metric("a", 2).on("x"), metric("a", 3).on("x").slice("s"), metric("b", 1)));

        assertThat(comparison.metrics())
                .extracting(metric -> metric.key() + " " + metric.verdict())
                .containsExactly("a INCOMPARABLE", "a on x BETTER", "a on x [s] INCOMPARABLE", "b SAME");
    }

    @Test
    void aMetricIsFoundByNameWhenItIsPlainOrTheOnlyOne() {
        List<Metric> metrics =
                List.of(metric("a", 1), metric("a", 2).on("x"), metric("b", 3).on("x"));
        Comparison comparison = Samples.metrics(metrics, metrics);

        assertThat(comparison.metric("a").map(m -> m.key().toString())).contains("a");
        assertThat(comparison.metric("b").map(m -> m.key().toString())).contains("b on x");
        assertThat(comparison.metric("c")).isEmpty();
    }

    @Test
    void everyFactThatDiffersIsListedOnceBySectionAndName() {
        Comparison comparison = Comparison.of(Samples.before(), List.of(), Samples.after(), List.of());

        assertThat(comparison.differences())
                .extracting(d -> d.section() + " " + d.name() + ": "
                        + d.valueBefore().orElse("-") + " > " + d.valueAfter().orElse("-"))
                .containsExactly(
                        "PARAMETER depth: - > 6",
                        "PARAMETER epochs: 10 > 20",
                        "CODE commit: c0ffee > decade",
                        "CODE fine-tuned from: - > [base@3]",
                        "CODE run: run-1 > run-2",
                        "CODE working tree: CLEAN > DIRTY",
                        "DATASET evaluation held-out: named only > -",
                        "DATASET training 2024: s3://data/2024 1000 rows sha256:d0d0d0d0d0d0"
                                + " > s3://data/2024 2000 rows sha256:d1d1d1d1d1d1",
                        "DATASET training 2025: - > named only",
                        "SEED numpy: 1 > 2",
                        "RUNTIME classes: present > -",
                        "RUNTIME java: 17.0.15 Eclipse > 21.0.2 Eclipse",
                        "RUNTIME org.example:lib: 1.0 a0a0a0a0a0a0 > 1.1 a1a1a1a1a1a1",
                        "FILE (format): onnx > safetensors",
                        "FILE a.bin: 10 bytes 0a0a0a0a0a0a > 11 bytes 1a1a1a1a1a1a",
                        "FILE b.bin: 20 bytes 0b0b0b0b0b0b > -",
                        "FILE c.bin: - > 30 bytes 0c0c0c0c0c0c",
                        "SIGNATURE input x: float32[?, 30] > float64[?, 31]",
                        "DESCRIPTION description: first > second\nbetter",
                        "DESCRIPTION limits: - > not for children");
        assertThat(comparison.differences(Section.SEED)).hasSize(1);
        assertThat(comparison.differences(Section.TAG)).isEmpty();
    }

    @Test
    void aVersionDoesNotDifferFromItself() {
        Comparison comparison = Comparison.of(Samples.before(), List.of(high(1)), Samples.before(), List.of(high(1)));

        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.metrics()).extracting(MetricDifference::verdict).containsExactly(SAME);
    }

    @Test
    void aLibraryOrDatasetThatComesTwiceIsComparedWithAllItsAppearances() {
        Provenance once = Provenance.none()
                .trainedOn(Dataset.named("d").rows(1))
                .runtime(Samples.runtime("17", new Library("g:lib:1", null)));
        Provenance twice = once.trainedOn(Dataset.named("d").rows(2))
                .runtime(Samples.runtime("17", new Library("g:lib:1", null), new Library("g:lib:2", null)));

        Comparison comparison = Comparison.of(
                Samples.version(1, Map.of(), once, Samples.files(ArtifactFormat.UNKNOWN)),
                List.of(),
                Samples.version(2, Map.of(), twice, Samples.files(ArtifactFormat.UNKNOWN)),
                List.of());

        assertThat(comparison.differences())
                .containsExactly(
                        new ValueDifference(Section.DATASET, "training d", "1 rows", "1 rows; 2 rows"),
                        new ValueDifference(Section.RUNTIME, "g:lib", "1", "1; 2"));
    }

    @Test
    void versionsWithTooManyFilesToListAreComparedByTheirManifests() {
        var many =
                new io.modelregistry.version.Artifact(Samples.digest(1), 1_000, 5, ArtifactFormat.UNKNOWN, List.of());
        var more =
                new io.modelregistry.version.Artifact(Samples.digest(2), 1_000, 5, ArtifactFormat.UNKNOWN, List.of());

        Comparison comparison = Comparison.of(
                Samples.version(1, Map.of(), Provenance.none(), many),
                List.of(),
                Samples.version(2, Map.of(), Provenance.none(), more),
                List.of());

        assertThat(comparison.differences())
                .containsExactly(new ValueDifference(
                        Section.FILE,
                        "(all 1000 files)",
                        Samples.digest(1).toString(),
                        Samples.digest(2).toString()));
    }

    @Test
    void itNeverChanges() {
        List<MetricDifference> metrics = new ArrayList<>();
        List<ValueDifference> differences =
                new ArrayList<>(List.of(new ValueDifference(Section.TAG, "team", null, "risk")));
        Comparison comparison = new Comparison(Samples.PLAIN.id(), Samples.PLAIN.id(), metrics, differences);

        differences.clear();

        assertThat(comparison.metrics()).isUnmodifiable();
        assertThat(comparison.differences()).hasSize(1).isUnmodifiable();
        assertThat(Arrays.asList(Section.values()))
                .startsWith(Section.PARAMETER)
                .endsWith(Section.DESCRIPTION);
    }

    private static Metric high(double value) {
        return Metric.higherIsBetter("auc", value);
    }

    private static Metric low(double value) {
        return Metric.lowerIsBetter("auc", value);
    }

    private static Metric metric(String name, double value) {
        return Metric.higherIsBetter(name, value);
    }
}
