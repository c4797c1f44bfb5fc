package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much can be measured of one version. */
class EvaluationTest {
    @TempDir
    Path cache;

    @Test
    void twoThousandMetricsAreKeptAndOneMoreIsRefused() {
        try (Rig rig = new Rig(cache)) {
            ModelRegistry ada = rig.client("ada");
            ada.model("tumor").register(model("one"));
            ada.version("tumor@1").evaluate(metrics(0, 1_000));
            ada.version("tumor@1").evaluate(metrics(1_000, 2_000));
            ada.version("tumor@1").evaluate(metrics(999, 1_001));

            assertThatThrownBy(() -> ada.version("tumor@1").evaluate(metrics(1_999, 2_001)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage(
                            "The evaluations of tumor@1 would hold 2001 metrics, one for each name, dataset and slice;"
                                    + " at most 2000 are kept. Put long tables into a file of the artifact. Nothing was written");

            assertThat(ada.version("tumor@1").metrics()).hasSize(2_000);
        }
    }

    private static Evaluation metrics(int from, int to) {
        return Evaluation.of(
                "measured",
                IntStream.range(from, to)
                        .mapToObj(i -> Metric.higherIsBetter("m" + i, 0.5))
                        .toArray(Metric[]::new));
    }
}
