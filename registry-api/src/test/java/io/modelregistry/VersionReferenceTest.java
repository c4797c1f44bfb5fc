package io.modelregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelregistry.VersionReference.ByDigest;
import io.modelregistry.VersionReference.ByEnvironment;
import io.modelregistry.VersionReference.ByLabel;
import io.modelregistry.VersionReference.ByNumber;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class VersionReferenceTest {
    private static final String HEX = "ab".repeat(32);
    private static final ModelName MODEL = ModelName.of("fraud-detector");

    static Stream<Arguments> references() {
        return Stream.of(
                arguments("fraud-detector@12", new ByNumber(new VersionId(MODEL, 12))),
                arguments(
                        "fraud-detector@999999999999999999",
                        new ByNumber(new VersionId(MODEL, 999_999_999_999_999_999L))),
                arguments("fraud-detector@1.4.0", new ByLabel(MODEL, Label.of("1.4.0"))),
                arguments("fraud-detector@v12", new ByLabel(MODEL, Label.of("v12"))),
                arguments("fraud-detector@sha256:" + HEX, new ByDigest(MODEL, new Digest(HEX))),
                arguments("fraud-detector:production", new ByEnvironment(MODEL, EnvironmentName.of("production"))));
    }

    @ParameterizedTest
    @MethodSource("references")
    void aReferenceIsReadAndPrintedInTheSameForm(String text, VersionReference reference) {
        assertThat(VersionReference.parse(text)).isEqualTo(reference).hasToString(text);
        assertThat(reference.model()).isEqualTo(MODEL);
    }

    @Test
    void leadingZerosAreOfNoMeaning() {
        assertThat(VersionReference.parse("fraud-detector@0012")).hasToString("fraud-detector@12");
    }

    static Stream<Arguments> badReferences() {
        String shape = "it looks like model@12, model@1.4.0, model@sha256:… or model:production";
        return Stream.of(
                arguments("", "Not a reference to a version: \"\": " + shape),
                arguments("fraud-detector", "Not a reference to a version: \"fraud-detector\": " + shape),
                arguments("@12", "Not a reference to a version: \"@12\": " + shape),
                arguments(":production", "Not a reference to a version: \":production\": " + shape),
                arguments("m@", "Not a label: \"\": it is empty"),
                arguments("m:", "Not an environment name: \"\": it is empty"),
                arguments("m@0", "No version m@0: versions are numbered from 1"),
                arguments("m@-1", "Not a label: \"-1\": '-' (U+002D) at position 1"),
                arguments("m@1234567890123456789", "Not a label: \"1234567890123456789\": it has digits only"),
                arguments("m@1@2", "Not a label: \"1@2\": '@' (U+0040) at position 2"),
                arguments("m@\u0661", "Not a label: \"\u0661\": '\u0661' (U+0661) at position 1"),
                arguments("m@1 ", "Not a label: \"1 \": ' ' (U+0020) at position 2"),
                arguments("m@12\n", "Not a label: \"12\\u000a\": U+000A at position 3"),
                arguments("M@1", "Not a model name: \"M\": 'M' (U+004D) at position 1"),
                arguments("m:production@1", "Not a model name: \"m:production\": ':' (U+003A) at position 2"),
                arguments("m:a:b", "Not an environment name: \"a:b\": ':' (U+003A) at position 2"),
                arguments("m@sha256:", "Not a SHA-256 digest: \"\": it has 64 digits"),
                arguments("m@sha256:AB", "Not a SHA-256 digest: \"AB\": it has 64 digits"),
                arguments("m@SHA256:" + HEX, "Not a label: \"SHA256:"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("badReferences")
    void whatIsNoReferenceIsRefused(String text, String message) {
        assertThatThrownBy(() -> VersionReference.parse(text))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith(message);
    }
}
