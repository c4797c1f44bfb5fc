package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.Version;
import io.modelregistry.access.Role;
import io.modelregistry.policy.Policy;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found out about a version: how much, by whom, and once. */
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

    @Test
    void attestationsAreForAssessmentsAlone() {
        try (Rig rig = new Rig(cache)) {
            ModelRegistry ada = rig.client("ada");
            ada.model("tumor").register(model("one"));
            Evaluation attesting =
                    Evaluation.of("mine", Metric.higherIsBetter("auc", 0.9)).attest(Attestation.of("clinical"));

            assertThatThrownBy(() -> ada.version("tumor@1").evaluate(attesting))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("Cannot evaluate tumor@1: attestations are for those who are independent of its"
                            + " training. Use assess(); nothing was written");

            assertThat(ada.version("tumor@1").metrics()).isEmpty();
        }
    }

    @Test
    void whatWasAttestedIsReadBackWholeTheLatestOfEachName() {
        try (Rig rig = new Rig(cache)) {
            ModelRegistry ada = rig.client("ada");
            ada.model("tumor").register(model("one"));
            Digest digest = Digest.of("report".getBytes(StandardCharsets.UTF_8));
            Attestation clinical = Attestation.of("clinical").document("https://example.org/report.pdf", digest);
            Metric auc = Metric.higherIsBetter("auc", 0.9);

            ada.version("tumor@1").assess(Evaluation.of("", auc).attest(Attestation.of("clinical")));
            ada.version("tumor@1").assess(Evaluation.of("", auc).attest(Attestation.of("legal")));
            ada.version("tumor@1").assess(Evaluation.of("", auc).attest(clinical));

            assertThat(rig.client("ben").version("tumor@1").attestations())
                    .containsExactlyInAnyOrder(clinical, Attestation.of("legal"));
        }
    }

    @Test
    void whatAnotherProcessRecordedUnderTheRequestIsNotRefusedToWhoMayNoLongerRecordIt() {
        try (Rig rig = new Rig(cache)) {
            ModelRegistry ada = rig.client("ada");
            ada.model("tumor").register(model("one"));
            Evaluation evaluation = Evaluation.of("night run", Metric.higherIsBetter("auc", 0.9))
                    .request("eval-1");
            Version fresh = rig.client("ben").version("tumor@1");
            Version knowing = rig.client("ben").version("tumor@1");
            knowing.metrics();
            rig.client("ben").version("tumor@1").evaluate(evaluation);
            ada.policy().set(Policy.none().role(Role.CONTRIBUTOR, "ada"), "ben left");
            rig.host.advance(Duration.ofMinutes(1));

            fresh.evaluate(evaluation);
            knowing.evaluate(evaluation);

            assertThat(rig.store.keys())
                    .filteredOn(key -> key.startsWith("evaluations/"))
                    .hasSize(1);
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
