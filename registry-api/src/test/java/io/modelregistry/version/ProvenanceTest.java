package io.modelregistry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.VersionId;
import io.modelregistry.version.TrainingCode.WorkingTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class ProvenanceTest {
    private static final Digest DIGEST = new Digest("ab".repeat(32));

    @Test
    void whatIsKnownIsAddedStepByStep() {
        TrainingCode code = TrainingCode.dirty("https://git.example.org/fraud", "c0ffee");
        Dataset training =
                Dataset.named("2025").at("s3://data/2025").digest(DIGEST).rows(1_000);
        Dataset evaluation = Dataset.named("held-out");
        RuntimeSnapshot runtime = new RuntimeSnapshot("17", "Eclipse", "Linux 6", "amd64", "0.1", List.of());

        Provenance provenance = Provenance.none()
                .code(code)
                .trainedOn(training)
                .trainedOn(Dataset.named("2024"))
                .evaluatedOn(evaluation)
                .run("run-7")
                .fineTunedFrom(VersionId.of("base", 3))
                .seed("numpy", -1)
                .seed("java", Long.MAX_VALUE)
                .seed("numpy", 42)
                .runtime(runtime);

        assertThat(provenance)
                .isEqualTo(new Provenance(
                        code,
                        List.of(training, Dataset.named("2024")),
                        List.of(evaluation),
                        "run-7",
                        List.of(VersionId.of("base", 3)),
                        Map.of("java", Long.MAX_VALUE, "numpy", 42L),
                        runtime,
                        null));
        assertThat(provenance.seeds().keySet()).containsExactly("java", "numpy");
        assertThat(code.workingTree()).isEqualTo(WorkingTree.DIRTY);
        assertThat(TrainingCode.clean("r", "c").workingTree()).isEqualTo(WorkingTree.CLEAN);
        assertThat(Provenance.none())
                .isEqualTo(new Provenance(null, List.of(), List.of(), null, List.of(), Map.of(), null, null));
    }

    @Test
    void itNeverChanges() {
        List<Dataset> datasets = new ArrayList<>(List.of(Dataset.named("2025")));
        Map<String, Long> seeds = new HashMap<>(Map.of("numpy", 42L));
        Provenance provenance = new Provenance(null, datasets, datasets, null, List.of(), seeds, null, null);

        datasets.clear();
        seeds.clear();
        Provenance more = provenance.trainedOn(Dataset.named("2024"));

        assertThat(provenance.trainingData())
                .containsExactly(Dataset.named("2025"))
                .isUnmodifiable();
        assertThat(provenance.evaluationData()).hasSize(1).isUnmodifiable();
        assertThat(provenance.parents()).isUnmodifiable();
        assertThat(provenance.seeds()).containsExactly(Map.entry("numpy", 42L)).isUnmodifiable();
        assertThat(more.trainingData()).hasSize(2);
    }

    @Test
    void itHoldsAHundredOfEachKindAtMost() {
        assertLimited(provenance -> provenance.trainedOn(Dataset.named("d")));
        assertLimited(provenance -> provenance.evaluatedOn(Dataset.named("d")));
        assertLimited(provenance -> provenance.fineTunedFrom(VersionId.of("base", 1)));
        assertLimited(provenance -> provenance.seed("s" + provenance.seeds().size(), 1));
    }

    private static void assertLimited(UnaryOperator<Provenance> step) {
        Provenance full = Provenance.none();
        for (int i = 0; i < 100; i++) {
            full = step.apply(full);
        }
        Provenance last = full;
        assertThatThrownBy(() -> step.apply(last))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Provenance holds at most 100 datasets of each kind, parents and seeds");
    }

    @Test
    void itsTextsFitOnALineAndAreNotTooLong() {
        assertThatThrownBy(() -> Provenance.none().run("x".repeat(201)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The run id has 201 characters; at most 200 are kept");
        assertThatThrownBy(() -> Provenance.none().seed("a\nb", 1))
                .hasMessageStartingWith("The name of a seed has U+000A at position 2");
        assertThatThrownBy(() -> TrainingCode.clean("x".repeat(2_001), "c"))
                .hasMessageStartingWith("The repository has 2001 characters; at most 2000 are kept");
        assertThatThrownBy(() -> TrainingCode.clean("r", "c\u0000"))
                .hasMessageStartingWith("The commit has U+0000 at position 2");
    }

    @Test
    void aDatasetHasANameAndNoNegativeNumberOfRows() {
        assertThatThrownBy(() -> Dataset.named(" "))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The name of a dataset is blank");
        assertThatThrownBy(() -> Dataset.named("d".repeat(101)))
                .hasMessageStartingWith("The dataset name has 101 characters; at most 100 are kept");
        assertThatThrownBy(() -> Dataset.named("2025").at("s3://x\u202e"))
                .hasMessageStartingWith("The URI of dataset 2025 has U+202E at position 7");
        assertThatThrownBy(() -> Dataset.named("2025").rows(-1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Dataset 2025 can't have -1 rows");
        assertThat(Dataset.named("empty").rows(0).rows()).isZero();
    }

    @Test
    void aModelCardHasTwoTextsOfLimitedLength() {
        assertThat(new ModelCard("for triage\nonly", null).limits()).isNull();
        assertThatThrownBy(() -> new ModelCard("x".repeat(10_001), null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The intended use has 10001 characters; at most 10000 are kept");
        assertThatThrownBy(() -> new ModelCard(null, "a\u0000"))
                .hasMessageStartingWith("The limits has U+0000 at position 2");
    }
}
