package io.modelregistry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Label;
import io.modelregistry.RequestId;
import io.modelregistry.version.Registration.Content;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RegistrationTest {
    private static final byte[] BYTES = "weights".getBytes(StandardCharsets.UTF_8);
    private static final Metric AUC = Metric.higherIsBetter("auc", 0.9);

    @Test
    void everythingSaidAboutAVersionIsKept() {
        Signature signature = new Signature(List.of(), List.of());
        ModelCard card = new ModelCard("triage", null);
        Progress progress = Progress.none();

        Registration registration = Registration.of(Path.of("trained"))
                .file("extra/notes.txt", Path.of("notes.txt"))
                .label("1.4.0")
                .description("first\nbaseline")
                .metrics(List.of(AUC, AUC.on("held-out")))
                .parameter("epochs", 20)
                .parameter("epochs", 30)
                .parameter("optimizer", "adam")
                .tag("team", "risk")
                .provenance(Provenance.none().run("run-7"))
                .signature(signature)
                .card(card)
                .reason("nightly")
                .request("job-1")
                .progress(progress);

        assertThat(registration.roots()).containsExactly(Path.of("trained"));
        assertThat(registration.files())
                .containsExactly(java.util.Map.entry(
                        ArtifactPath.of("extra/notes.txt"), new Content.OnDisk(Path.of("notes.txt"))));
        assertThat(registration.label()).contains(Label.of("1.4.0"));
        assertThat(registration.description()).contains("first\nbaseline");
        assertThat(registration.metrics()).containsExactly(AUC, AUC.on("held-out"));
        assertThat(registration.parameters())
                .containsExactly(java.util.Map.entry("epochs", "30"), java.util.Map.entry("optimizer", "adam"));
        assertThat(registration.tags()).containsExactly(java.util.Map.entry("team", "risk"));
        assertThat(registration.provenance()).isEqualTo(Provenance.none().run("run-7"));
        assertThat(registration.signature()).contains(signature);
        assertThat(registration.card()).contains(card);
        assertThat(registration.reason()).contains("nightly");
        assertThat(registration.request()).contains(RequestId.of("job-1"));
        assertThat(registration.progress()).isSameAs(progress);
    }

    @Test
    void eachStepMakesACopyAndLeavesTheOriginal() {
        Registration plain = Registration.empty();

        plain.file("model.bin", BYTES)
                .metric(AUC)
                .parameter("a", 1)
                .tag("b", "c")
                .label("v1")
                .reason("r")
                .request("1");

        assertThat(plain.files()).isEmpty();
        assertThat(plain.metrics()).isEmpty();
        assertThat(plain.parameters()).isEmpty();
        assertThat(plain.tags()).isEmpty();
        assertThat(plain.label()).isEmpty();
        assertThat(plain.reason()).isEmpty();
        assertThat(plain.request()).isEmpty();
        assertThat(plain.description()).isEmpty();
        assertThat(plain.signature()).isEmpty();
        assertThat(plain.card()).isEmpty();
    }

    @Test
    void whatItHoldsCannotBeChanged() {
        byte[] content = BYTES.clone();
        Registration registration = Registration.empty()
                .file("model.bin", content)
                .metric(AUC)
                .parameter("a", 1)
                .tag("b", "c");

        content[0] = 'X';

        assertThat(registration.files()).isUnmodifiable();
        assertThat(registration.metrics()).isUnmodifiable();
        assertThat(registration.parameters()).isUnmodifiable();
        assertThat(registration.tags()).isUnmodifiable();
        assertThat(registration.files().get(ArtifactPath.of("model.bin")))
                .isInstanceOfSatisfying(
                        Content.InMemory.class,
                        memory -> assertThat(memory.bytes()).isEqualTo(BYTES));
    }

    @Test
    void aFileOrMetricAddedTwiceIsRefused() {
        Registration registration =
                Registration.empty().file("model.bin", BYTES).metric(AUC.on("held-out"));

        assertThatThrownBy(() -> registration.file("model.bin", Path.of("other")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The file \"model.bin\" was added twice");
        assertThatThrownBy(
                        () -> registration.metric(Metric.lowerIsBetter("auc", 1).on("held-out")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The metric auc on held-out was added twice");
        assertThat(registration.metric(AUC).metrics()).hasSize(2);
    }

    @Test
    void aBadPathOrLabelOrRequestIdIsRefusedAtOnce() {
        assertThatThrownBy(() -> Registration.empty().file("../model.bin", BYTES))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("it has a segment '..'");
        assertThatThrownBy(() -> Registration.empty().label("12")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Registration.empty().request("")).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void textsHaveLimits() {
        Registration registration = Registration.empty();

        assertThatThrownBy(() -> registration.description("x".repeat(10_001)))
                .hasMessageStartingWith("The description has 10001 characters; at most 10000 are kept");
        assertThatThrownBy(() -> registration.reason("x".repeat(201)))
                .hasMessageStartingWith("The reason has 201 characters; at most 200 are kept");
        assertThatThrownBy(() -> registration.parameter("", 1)).hasMessage("The name of a parameter is blank");
        assertThatThrownBy(() -> registration.tag(" ", "x")).hasMessage("The name of a tag is blank");
        assertThatThrownBy(() -> registration.parameter("a\nb", 1))
                .hasMessageStartingWith("The name of a parameter has U+000A at position 2");
        assertThatThrownBy(() -> registration.parameter("x".repeat(201), 1))
                .hasMessageStartingWith("The name of a parameter has 201 characters; at most 200 are kept");
        assertThatThrownBy(() -> registration.parameter("lr", "x".repeat(1_001)))
                .hasMessageStartingWith("The value of lr has 1001 characters; at most 1000 are kept");
        assertThatThrownBy(() -> registration.tag("lr", "\u202e"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The value of lr has U+202E at position 1");
    }

    @Test
    void numbersOfThingsHaveLimits() {
        List<Metric> metrics = IntStream.range(0, 2_001)
                .mapToObj(i -> Metric.higherIsBetter("m" + i, i))
                .toList();
        Registration parameters = Registration.empty();
        Registration tags = Registration.empty();
        for (int i = 0; i < 1_000; i++) {
            parameters = parameters.parameter("p" + i, i);
            tags = tags.tag("t" + i, "x");
        }
        Registration fullOfParameters = parameters;
        Registration fullOfTags = tags;

        assertThatThrownBy(() -> Registration.empty().metrics(metrics))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("A version has at most 2000 metrics");
        assertThatThrownBy(() -> fullOfParameters.parameter("one more", 1))
                .hasMessage("A version has at most 1000 parameters");
        assertThatThrownBy(() -> fullOfTags.tag("one more", "1")).hasMessage("A version has at most 1000 tags");
        assertThat(fullOfParameters.parameter("p0", "again").parameters()).hasSize(1_000);
    }

    @Test
    void anEvaluationHasMetricsEachOnce() {
        Evaluation evaluation = Evaluation.of("weekly", AUC, AUC.on("held-out")).request("job-2");

        assertThat(evaluation.metrics())
                .containsExactly(AUC, AUC.on("held-out"))
                .isUnmodifiable();
        assertThat(evaluation.request()).contains(RequestId.of("job-2"));
        assertThat(Evaluation.of("", AUC).request()).isEmpty();
        Attestation validated = Attestation.of("validated");
        assertThat(Evaluation.attesting("board", validated).attestations()).containsExactly(validated);
        assertThatThrownBy(() -> Evaluation.attesting("board", validated, validated))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("An evaluation attests each thing once");
        assertThatThrownBy(() -> Evaluation.of("weekly"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("An evaluation has at least one metric or attestation");
        assertThatThrownBy(() -> Evaluation.of("weekly", AUC, Metric.lowerIsBetter("auc", 1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("An evaluation has one value for each metric, dataset and slice");
        assertThatThrownBy(() -> Evaluation.of("x".repeat(201), AUC))
                .hasMessageStartingWith("The reason has 201 characters; at most 200 are kept");
    }

    @Test
    void anArtifactFormatIsAShortLowerCaseWord() {
        assertThat(ArtifactFormat.of("onnx")).hasToString("onnx");
        assertThat(ArtifactFormat.UNKNOWN).hasToString("unknown");
        for (String bad : List.of("", "ONNX", "-x", "a b", "x".repeat(41), "a\n")) {
            assertThatThrownBy(() -> ArtifactFormat.of(bad))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("Not an artifact format: \"")
                    .hasMessageEndingWith("\": it has up to 40 of a-z, 0-9 and '-'")
                    .hasMessageNotContaining("\n");
        }
    }
}
