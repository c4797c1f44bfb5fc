package io.modelregistry.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EntryCodecTest {
    private static final StreamName STREAM = new StreamName("versions/fraud-detector");
    private static final int AROUND_A_TEXT = EntryCodec.encode(entry("")).length;

    @Test
    void anEntryIsOneLineOfJsonAndTheDigestOfThatLine() {
        String stored = new String(EntryCodec.encode(entry("x")), StandardCharsets.UTF_8);

        List<String> lines = stored.lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("{\"format\":1,").endsWith("}");
        assertThat(lines.get(1))
                .isEqualTo(
                        Digest.of(lines.get(0).getBytes(StandardCharsets.UTF_8)).toString());
        assertThat(stored).endsWith("\n");
    }

    @Test
    void theBytesAreTheSameInEveryLocale() {
        byte[] usual = EntryCodec.encode(entry("x"));
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(EntryCodec.encode(entry("x"))).isEqualTo(usual);
            assertThat(KeyLayout.entry(STREAM, 7)).isEqualTo("versions/fraud-detector/0000000007.json");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void anEntryOfExactlyOneMebibyteIsWrittenAndReadAndALargerOneRefused() {
        Entry largest = entry("x".repeat(EntryCodec.MAX_BYTES - AROUND_A_TEXT));
        Entry tooLarge = entry("x".repeat(EntryCodec.MAX_BYTES - AROUND_A_TEXT + 1));

        byte[] stored = EntryCodec.encode(largest);

        assertThat(stored).hasSize(1 << 20);
        assertThat(EntryCodec.decode(stored, "r", STREAM, 1)).isEqualTo(largest);
        assertThatThrownBy(() -> EntryCodec.encode(tooLarge))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The change to versions/fraud-detector takes 1048577 bytes; an entry holds at most 1048576."
                        + " Put long texts and tables into a file of the artifact. Nothing was written");
    }

    @Test
    void whatIsReadCutAtTheLimitIsDamagedRatherThanShort() {
        byte[] cut = new byte[EntryCodec.MAX_BYTES + 1];

        assertThatThrownBy(() -> EntryCodec.decode(cut, "r", STREAM, 1))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("is damaged: its first line hashes to sha256:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1,6,\"D\"]",
                "[\"job\",\"6\",\"D\"]",
                "[\"job\",6,7]",
                "[\"job\",0,\"D\"]",
                "[\"job\",6]",
                "{\"job\":6}"
            })
    void aRecentRequestThatIsNoneIsDamage(String recent) {
        byte[] stored = with("\"recent\":[]", "\"recent\":[" + recent.replace("D", "0".repeat(64)) + "]");

        assertThatThrownBy(() -> EntryCodec.decode(stored, "r", STREAM, 1))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("recent holds something else than [request, sequence, sha256]");
    }

    @Test
    void positionsThatWereSeenAreNoneToTheLastNumber() {
        byte[] stored = with("\"seen\":{}", "\"seen\":{\"policy\":0,\"gc/m\":9999999999}");

        assertThat(EntryCodec.decode(stored, "r", STREAM, 1).seen())
                .isEqualTo(Map.of("policy", 0L, "gc/m", 9_999_999_999L));
        for (String beyond : List.of("-1", "10000000000")) {
            byte[] broken = with("\"seen\":{}", "\"seen\":{\"policy\":" + beyond + "}");
            assertThatThrownBy(() -> EntryCodec.decode(broken, "r", STREAM, 1))
                    .isInstanceOf(IntegrityException.class)
                    .hasMessageContaining("seen is " + beyond + " for policy");
        }
    }

    private static byte[] with(String written, String instead) {
        String line = new String(EntryCodec.encode(entry("")), StandardCharsets.UTF_8)
                .lines()
                .toList()
                .get(0);
        assertThat(line).contains(written);
        return SelfVerifying.seal(line.replace(written, instead).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsSealedIsOpenedAgain() {
        byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);

        assertThat(SelfVerifying.open(SelfVerifying.seal(payload))).isEqualTo(payload);
        assertThat(SelfVerifying.open(SelfVerifying.seal(new byte[0]))).isEmpty();
        assertThatThrownBy(() -> SelfVerifying.open(new byte[72]))
                .isInstanceOf(MalformedException.class)
                .hasMessage("it has 72 bytes, too few to end in its own digest");
    }

    private static Entry entry(String text) {
        return new Entry(
                "r",
                STREAM,
                "a1",
                1,
                null,
                "a1",
                null,
                Instant.parse("2026-01-01T00:00:00Z"),
                Actor.of("ada"),
                "",
                Map.of(),
                Json.object().put("type", "test").build(),
                Json.object().put("text", text).build(),
                List.of(),
                List.of(),
                "test");
    }
}
