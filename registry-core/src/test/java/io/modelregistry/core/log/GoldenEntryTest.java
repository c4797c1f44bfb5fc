package io.modelregistry.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.ModelName;
import io.modelregistry.RequestId;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.core.audit.GoldenFiles;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.log.Entry.RecentRequest;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Entries as they lie in a store, nearly all made without this code: whole ones, broken ones, and those of releases to come. */
final class GoldenEntryTest {
    private static final String REGISTRY = "0000000100000000000000000000000b";

    // ---- valid

    static Stream<String> valid() throws IOException {
        return GoldenFiles.names("valid").stream();
    }

    @ParameterizedTest
    @MethodSource("valid")
    void aValidEntryIsReadAndWouldBeWrittenInTheSameBytes(String name) throws IOException {
        byte[] stored = GoldenFiles.bytes("valid/" + name);

        Entry entry = decode(stored);

        assertThat(EntryCodec.encode(entry)).isEqualTo(stored);
    }

    @Test
    void everyFieldOfAnEntryIsRead() throws IOException {
        Entry entry = decode(GoldenFiles.bytes("valid/later-entry.json"));

        assertThat(entry.registry()).isEqualTo(REGISTRY);
        assertThat(entry.stream()).isEqualTo(new StreamName("environments/production/fraud-detector"));
        assertThat(entry.origin()).isEqualTo("b1");
        assertThat(entry.sequence()).isEqualTo(2);
        assertThat(entry.previous())
                .isEqualTo(new Entry.Previous(
                        new Digest("ab".repeat(32)), Instant.parse("2026-01-01T00:00:00.000000001Z")));
        assertThat(entry.commit()).isEqualTo("b2");
        assertThat(entry.request()).isEqualTo(RequestId.of("release/2"));
        assertThat(entry.time()).isEqualTo(Instant.parse("2026-01-01T00:01:01.500Z"));
        assertThat(entry.actor()).isEqualTo(Actor.of("u-ada"));
        assertThat(entry.reason()).isEqualTo("better");
        assertThat(entry.seen())
                .containsExactly(
                        Map.entry("reviews/fraud-detector/0000000002", 2L), Map.entry("versions/fraud-detector", 2L));
        assertThat(Fields.of(entry.change()).text("type")).isEqualTo("promote");
        assertThat(Fields.of(entry.change()).number("expected")).isEqualTo(1);
        assertThat(entry.state().fields().keySet()).containsExactly("current", "recent");
        assertThat(entry.recent())
                .containsExactly(
                        new RecentRequest(RequestId.of("release/2"), 2, Digest.of(JsonFormat.write(entry.change()))));
        assertThat(entry.recent(RequestId.of("release/2"))).isPresent();
        assertThat(entry.recent(RequestId.of("release/3"))).isEmpty();
        assertThat(entry.requires()).isEmpty();
        assertThat(entry.writer()).isEqualTo("model-registry 0.1.0");
    }

    @Test
    void aFirstEntryHasNoPredecessorAndMayLackARequest() throws IOException {
        Entry entry = decode(GoldenFiles.bytes("valid/first-entry.json"));

        assertThat(entry.previous()).isNull();
        assertThat(entry.request()).isNull();
        assertThat(entry.origin()).isEqualTo(entry.commit());
        assertThat(entry.recent()).isEmpty();
    }

    @Test
    void theNumbersOfAStateKeepTheirText() throws IOException {
        Entry entry = decode(GoldenFiles.bytes("valid/numbers.json"));

        assertThat(Fields.of(entry.change()).elements("v"))
                .extracting(number -> ((Json.Num) number).text())
                .containsExactly("1.50", "-0.0", "1e2", "1E+2", "123456789012345678901234567890", "1e999999999");
        assertThat(entry.seen()).containsExactly(Map.entry("policy", 9_999_999_999L));
    }

    @Test
    void textOfAnyScriptIsReadAsItIs() throws IOException {
        Entry entry = decode(GoldenFiles.bytes("valid/text.json"));

        assertThat(entry.actor()).isEqualTo(Actor.of("Łukasz"));
        assertThat(entry.reason()).isEqualTo("größer 😀 \"quoted\" \\ / \u00a0 e\u0301 ١٢");
    }

    @Test
    void aStreamRemembersThirtyTwoRequests() throws IOException {
        Entry entry = decode(GoldenFiles.bytes("valid/thirty-two-requests.json"));

        assertThat(entry.recent()).hasSize(Entry.RECENT_REQUESTS);
        assertThat(entry.recent().get(0).request()).isEqualTo(RequestId.of("request-00"));
        assertThat(entry.recent().get(31).sequence()).isEqualTo(34);
    }

    @Test
    void aVersionIsReadWithEverythingThatWasSaidOfIt() throws IOException {
        Entry entry = decode(GoldenFiles.bytes("valid/version.json"));

        ModelVersion version = VersionStore.describe(ModelName.of("fraud-detector"), entry);

        assertThat(version.id()).isEqualTo(VersionId.of("fraud-detector", 1));
        assertThat(version.label()).hasToString("1.0.0");
        assertThat(version.artifact().files())
                .extracting(file -> file.path() + " " + file.sizeBytes())
                .containsExactly("model.onnx 9", "scaler/mean.csv 9", "数据/é 😀.txt 7");
        assertThat(version.artifact().fileCount()).isEqualTo(3);
        assertThat(version.artifact().sizeBytes()).isEqualTo(25);
        assertThat(version.description()).isEqualTo("Two lines,\n\tone indented");
        assertThat(version.metrics())
                .containsExactly(
                        Metric.higherIsBetter("auc", 0.987).on("held-out").within(0.971, 0.996, 0.95),
                        Metric.lowerIsBetter("log-loss", 0.1).slice("age=65+"),
                        Metric.lowerIsBetter("tiny", Double.MIN_VALUE),
                        Metric.higherIsBetter("large", -Double.MAX_VALUE));
        assertThat(version.parameters())
                .isEqualTo(Map.of("epochs", "20", "learning rate", "1.0E-4", "deterministic", "true"));
        assertThat(version.tags()).isEqualTo(Map.of("team", "risk", "area", "eu"));
        assertThat(version.provenance().code()).hasNoNullFieldsOrProperties();
        assertThat(version.provenance().trainingData()).hasSize(2);
        assertThat(version.provenance().trainingData().get(0).rows()).isEqualTo(9_000_000_000L);
        assertThat(version.provenance().evaluationData().get(0).rows()).isZero();
        assertThat(version.provenance().runId()).isEqualTo("run-118");
        assertThat(version.provenance().seeds()).isEqualTo(Map.of("numpy", Long.MIN_VALUE, "sgd", 42L));
        assertThat(version.provenance().runtime().classPath()).hasSize(2);
        assertThat(version.signature().inputs())
                .extracting(tensor -> tensor.name() + " " + tensor.typeAndShape())
                .containsExactly("input float32[?, 30]", "country string[?]");
        assertThat(version.signature().outputs().get(0).typeAndShape()).isEqualTo("bfloat16[]");
        assertThat(version.card().limits()).isEqualTo("Not without a person");
        assertThat(version.registeredBy()).isEqualTo(Actor.of("ci:train"));
        assertThat(version.registeredAt()).isEqualTo(Instant.parse("2026-01-01T00:01:01.500Z"));
    }

    // ---- broken

    static Stream<Arguments> broken() throws IOException {
        return GoldenFiles.lines("broken/expected.tsv")
                .map(line -> line.split("\t"))
                .map(columns -> arguments(columns[0], columns[1], columns[2]));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("broken")
    void aBrokenEntryIsRefusedWithItsKeyTheReasonAndTheRemedy(String name, String place, String reason)
            throws IOException {
        byte[] stored = GoldenFiles.bytes("broken/" + name);
        StreamName stream = new StreamName(place.substring(0, place.indexOf('#')));
        long sequence = Long.parseLong(place.substring(place.indexOf('#') + 1));
        String key = KeyLayout.entry(stream, sequence);

        assertThatThrownBy(() -> EntryCodec.decode(stored, REGISTRY, stream, sequence))
                .isInstanceOfSatisfying(IntegrityException.class, e -> {
                    assertThat(e.damage()).isEqualTo(Damage.CORRUPT_ENTRY);
                    assertThat(e.key()).isEqualTo(key);
                })
                .hasMessageStartingWith("The entry " + key + " is damaged: ")
                .hasMessageContaining(reason)
                .hasMessageEndingWith(". Restore this key from a backup or replica, byte for byte;"
                        + " nothing is written on top of it")
                .hasMessageNotContaining("\n");
    }

    @Test
    void everyBrokenEntryIsExpected() throws IOException {
        List<String> names = GoldenFiles.names("broken");

        assertThat(broken().map(arguments -> (String) arguments.get()[0]).toList())
                .containsExactlyInAnyOrderElementsOf(
                        names.stream().filter(name -> name.endsWith(".json")).toList());
    }

    // ---- newer

    static Stream<Arguments> notYetReadable() {
        String key = "The entry labels/fraud-detector/1.0.0/0000000001.json";
        return Stream.of(
                arguments(
                        "format-2.json",
                        key + " has format 2, written by model-registry 2.0.0;"
                                + " this release reads up to format 1. Upgrade the library"),
                arguments(
                        "format-2-of-another-shape.json",
                        key + " has format 2, written by model-registry 2.0.0;"
                                + " this release reads up to format 1. Upgrade the library"),
                arguments(
                        "requires-chunks.json",
                        key + ", written by model-registry 1.5.0, requires [chunks, signatures],"
                                + " which this release doesn't know. Upgrade the library"),
                arguments(
                        "requires-without-the-rest.json",
                        key + ", written by a newer release, requires [chunks],"
                                + " which this release doesn't know. Upgrade the library"));
    }

    @ParameterizedTest
    @MethodSource("notYetReadable")
    void whatANewerReleaseWantsUnderstoodAsksForAnUpgrade(String name, String message) throws IOException {
        byte[] stored = GoldenFiles.bytes("newer/" + name);

        assertThatThrownBy(() -> EntryCodec.decode(stored, REGISTRY, new StreamName("labels/fraud-detector/1.0.0"), 1))
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessage(message);
    }

    @Test
    void fieldsThatANewerReleaseAddedAreIgnored() throws IOException {
        Entry plain = decode(GoldenFiles.bytes("valid/first-entry.json"));

        assertThat(decode(GoldenFiles.bytes("newer/more-fields.json"))).isEqualTo(plain);
    }

    @Test
    void aTypeOfChangeThatIsNotKnownIsHarmless() throws IOException {
        Entry entry = decode(GoldenFiles.bytes("newer/unknown-change.json"));

        assertThat(Fields.of(entry.change()).text("type")).isEqualTo("ramp");
        assertThat(entry.state().fields()).containsKey("current");
    }

    /** Reads it from the place that it names itself. */
    private static Entry decode(byte[] stored) {
        Fields fields = Fields.of(JsonFormat.readObject(SelfVerifying.open(stored)));
        return EntryCodec.decode(stored, REGISTRY, new StreamName(fields.text("stream")), fields.number("sequence"));
    }
}
