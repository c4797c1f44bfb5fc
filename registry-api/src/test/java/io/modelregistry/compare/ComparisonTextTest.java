package io.modelregistry.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelregistry.version.ArtifactFormat;
import io.modelregistry.version.Dataset;
import io.modelregistry.version.Metric;
import io.modelregistry.version.Provenance;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ComparisonTextTest {
    private static final Comparison SAMPLE = Comparison.of(
            Samples.version(
                    1,
                    Map.of("epochs", "10", "optimizer", "adam"),
                    Provenance.none().run("run-1").seed("numpy", 1).evaluatedOn(Dataset.named("held-out")),
                    Samples.files(ArtifactFormat.of("onnx"), Samples.file("a.bin", 10, 0x0a))),
            List.of(
                    Metric.higherIsBetter("auc", 0.9).on("held-out").within(0.88, 0.92, 0.95),
                    Metric.lowerIsBetter("loss", 0.3),
                    Metric.lowerIsBetter("latency", 12),
                    Metric.higherIsBetter("recall", 0.5)),
            Samples.version(
                    2,
                    Map.of("epochs", "20", "optimizer", "adam", "depth", "6"),
                    Provenance.none().run("run-2").seed("numpy", 1),
                    Samples.files(ArtifactFormat.of("onnx"), Samples.file("a.bin", 11, 0x1a))),
            List.of(
                    Metric.higherIsBetter("auc", 0.91).on("held-out"),
                    Metric.lowerIsBetter("loss", 0.4),
                    Metric.lowerIsBetter("latency", 12),
                    Metric.lowerIsBetter("recall", 0.6),
                    Metric.higherIsBetter("f1", 0.7)));

    private static final String TEXT = """
                                         fraud@1                fraud@2                change
            auc on held-out              0.9 [0.88, 0.92]       0.91                   +0.01 better
            f1                           –                      0.7                    incomparable
            latency                      12                     12                     same
            loss                         0.3                    0.4                    +0.1 worse
            recall                       0.5                    0.6                    +0.1 contradictory
            parameter depth              –                      6
            parameter epochs             10                     20
            code run                     run-1                  run-2
            dataset evaluation held-out  named only             –
            file a.bin                   10 bytes 0a0a0a0a0a0a  11 bytes 1a1a1a1a1a1a
            """;

    private static final String MARKDOWN = """
            |  | fraud@1 | fraud@2 | change |
            |---|---|---|---|
            | auc on held-out | 0.9 [0.88, 0.92] | 0.91 | +0.01 better |
            | f1 | – | 0.7 | incomparable |
            | latency | 12 | 12 | same |
            | loss | 0.3 | 0.4 | +0.1 worse |
            | recall | 0.5 | 0.6 | +0.1 contradictory |
            | parameter depth | – | 6 |  |
            | parameter epochs | 10 | 20 |  |
            | code run | run-1 | run-2 |  |
            | dataset evaluation held-out | named only | – |  |
            | file a.bin | 10 bytes 0a0a0a0a0a0a | 11 bytes 1a1a1a1a1a1a |  |
            """;

    private final Locale usual = Locale.getDefault();

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(usual);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "ar-EG", "ar-EG-u-nu-arab", "tr-TR", "de-DE"})
    void aComparisonPrintsAsATableThatIsTheSameInEveryLocale(String locale) {
        Locale.setDefault(Locale.forLanguageTag(locale));

        assertThat(SAMPLE.toText()).isEqualTo(TEXT);
        assertThat(SAMPLE.toMarkdown()).isEqualTo(MARKDOWN);
    }

    static Stream<Arguments> numbers() {
        return Stream.of(
                arguments(0.0, "0"),
                arguments(-0.0, "0"),
                arguments(1.0, "1"),
                arguments(-1.5, "-1.5"),
                arguments(0.1 + 0.2, "0.3"),
                arguments(1.0 / 3, "0.333333"),
                arguments(2.0 / 3, "0.666667"),
                arguments(123456.5, "123456"),
                arguments(1234567, "1234570"),
                arguments(123456789, "123457000"),
                arguments(1.0e10, "1E+10"),
                arguments(0.0001, "0.0001"),
                arguments(0.00001, "0.00001"),
                arguments(0.000001, "0.000001"),
                arguments(1.0e-30, "1E-30"),
                arguments(Double.MAX_VALUE, "1.79769E+308"),
                arguments(Double.MIN_VALUE, "4.9E-324"));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void aNumberPrintsWithSixDigits(double value, String text) {
        List<Metric> metrics = List.of(Metric.higherIsBetter("m", value));

        assertThat(Samples.metrics(metrics, metrics).toText()).contains("m  " + text + " ");
    }

    @Test
    void aDifferenceTooLargeForANumberIsLeftOut() {
        Comparison comparison = Samples.metrics(
                List.of(Metric.higherIsBetter("m", -Double.MAX_VALUE)),
                List.of(Metric.higherIsBetter("m", Double.MAX_VALUE)));

        assertThat(comparison.toText()).isEqualTo("""
                           fraud@1        fraud@2       change
                        m  -1.79769E+308  1.79769E+308  better
                        """);
    }

    @Test
    void whatWouldBreakATableIsEscaped() {
        Comparison comparison = Comparison.of(
                Samples.version(
                        1,
                        Map.of("a|b", "x|y\\z", "html", "<script>"),
                        Provenance.none(),
                        Samples.files(ArtifactFormat.UNKNOWN)),
                List.of(),
                Samples.version(
                        2,
                        Map.of("a|b", "two\nlines\tand a tab"),
                        Provenance.none(),
                        Samples.files(ArtifactFormat.UNKNOWN)),
                List.of());

        assertThat(comparison.toMarkdown()).isEqualTo("""
                        |  | fraud@1 | fraud@2 | change |
                        |---|---|---|---|
                        | parameter a\\|b | x\\|y\\\\z | two lines and a tab |  |
                        | parameter html | &lt;script> | – |  |
                        """);
    }

    @Test
    void aLongValueIsCutToSixtyCharacters() {
        Comparison comparison = Comparison.of(
                Samples.version(
                        1, Map.of("p", "x".repeat(60)), Provenance.none(), Samples.files(ArtifactFormat.UNKNOWN)),
                List.of(),
                Samples.version(
                        2, Map.of("p", "😀".repeat(61)), Provenance.none(), Samples.files(ArtifactFormat.UNKNOWN)),
                List.of());

        assertThat(comparison.toText()).contains("parameter p  " + "x".repeat(60) + "  " + "😀".repeat(59) + "…\n");
    }

    @Test
    void versionsThatAreTheSamePrintAHeaderOnly() {
        assertThat(Samples.metrics(List.of(), List.of()).toText()).isEqualTo("  fraud@1  fraud@2  change\n");
    }
}
