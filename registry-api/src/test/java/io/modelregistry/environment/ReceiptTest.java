package io.modelregistry.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Digest;
import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.RegistryException;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.environment.Receipt.Choice;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ReceiptTest {
    private static final String REGISTRY = "0000000100000000000000000000000b";
    private static final String MANIFEST = "0c2625dffe845914640021dbf955b1e6";
    private static final String ENTRY = "fb607103c2ed4f097cbca5a5e3861f02";

    /** Written by another implementation of the form: Python's, with a table of its own for CRC-32C. */
    private static final String OF_VERSION =
            "mr1~0000000100000000000000000000000b~tumor-classifier~12~0c2625dffe845914640021dbf955b1e6~da03c123";

    private static final String OF_ENVIRONMENT =
            "mr1~0000000100000000000000000000000b~tumor-classifier~12~0c2625dffe845914640021dbf955b1e6"
                    + "~production~7~main~fb607103c2ed4f097cbca5a5e3861f02~7f056952";

    private static final List<String> GOLDEN = List.of(OF_VERSION, OF_ENVIRONMENT);

    @Test
    void theFormIsFixed() {
        assertThat(version()).hasToString(OF_VERSION);
        assertThat(served()).hasToString(OF_ENVIRONMENT);
        assertThat(Receipt.parse(OF_VERSION)).isEqualTo(version());
        assertThat(Receipt.parse(OF_ENVIRONMENT)).isEqualTo(served());
        assertThat(Receipt.parse(OF_ENVIRONMENT).servedBy())
                .contains(new Choice(EnvironmentName.of("production"), 7, "main", 0, ENTRY));
    }

    @Test
    void whatIsReadPrintsAsItWas() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 2_000; i++) {
            Receipt receipt = any(random);

            assertThat(Receipt.parse(receipt.toString())).isEqualTo(receipt);
        }
    }

    @Test
    void anOrdinaryReceiptFitsALineAndTheLongestIsBounded() {
        String longest = new Receipt(
                        REGISTRY,
                        new VersionId(ModelName.of("m".repeat(128)), 9_999_999_999L),
                        MANIFEST,
                        new Choice(EnvironmentName.of("e".repeat(128)), 9_999_999_999L, "a".repeat(40), 20, ENTRY))
                .toString();

        assertThat(OF_ENVIRONMENT.length()).isLessThanOrEqualTo(150);
        assertThat(longest).hasSize(435);
        assertThat(Receipt.parse(longest)).hasToString(longest);
    }

    @Test
    void itNeedsNoEscapingInUrlsHeadersAndLogs() {
        // RFC 3986's unreserved characters; all of them are RFC 9110 token characters too
        assertThat(GOLDEN).allSatisfy(text -> assertThat(text).matches("[a-z0-9._~-]+"));
    }

    @Test
    void everyWrongCharacterAtEveryPlaceIsRefused() {
        for (String text : GOLDEN) {
            for (int at = 0; at < text.length(); at++) {
                for (char wrong = 0; wrong < 256; wrong++) {
                    if (wrong != text.charAt(at)) {
                        requireRefused(text.substring(0, at) + wrong + text.substring(at + 1));
                    }
                }
            }
        }
    }

    @Test
    void everyPairOfCharactersThatChangedPlacesIsRefused() {
        for (String text : GOLDEN) {
            for (int a = 0; a < text.length(); a++) {
                for (int b = a + 1; b < text.length(); b++) {
                    if (text.charAt(a) != text.charAt(b)) {
                        StringBuilder wrong = new StringBuilder(text);
                        wrong.setCharAt(a, text.charAt(b));
                        wrong.setCharAt(b, text.charAt(a));
                        requireRefused(wrong.toString());
                    }
                }
            }
        }
    }

    @Test
    void everyLostAndEveryAddedCharacterIsRefused() {
        for (String text : GOLDEN) {
            for (int at = 0; at < text.length(); at++) {
                requireRefused(text.substring(0, at));
                requireRefused(text.substring(at + 1));
                requireRefused(text.substring(0, at) + text.substring(at + 1));
                for (char added : "a0~-. ".toCharArray()) {
                    requireRefused(text.substring(0, at) + added + text.substring(at));
                }
            }
            requireRefused(text + "\n");
            requireRefused(text + "0");
        }
    }

    @Test
    void aRefusalSaysWhatIsWrong() {
        assertThatThrownBy(() -> Receipt.parse(OF_VERSION.replace("~12~", "~13~")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Not a receipt: \"mr1~0000")
                .hasMessageContaining("its check doesn't fit, so a character was lost, added or changed");
        assertThatThrownBy(() -> Receipt.parse(OF_VERSION.toUpperCase(java.util.Locale.ROOT)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("it has lower-case letters, digits");
        assertThatThrownBy(() -> Receipt.parse("a".repeat(100_000)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("it has 100000 characters");
    }

    @Test
    void aNewerFormThatIsWholeAsksForAnUpgrade() {
        assertThatThrownBy(() -> Receipt.parse(checked("mr2~anything~else")))
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessageContaining("has the form mr2; this release reads mr1. Upgrade the library");
    }

    @Test
    void whatIsWholeAndSaysNothingSensibleIsRefused() {
        String start = "mr1~" + REGISTRY + "~";
        List<String> nonsense = List.of(
                "mr1",
                "mr0001~x",
                "receipt~x",
                start + "tumor~12",
                start + "tumor~0~" + MANIFEST,
                start + "tumor~012~" + MANIFEST,
                start + "tumor~99999999999~" + MANIFEST,
                start + "tu..mor~12~" + MANIFEST,
                start + "con~12~" + MANIFEST,
                start + "tumor~12~" + MANIFEST.substring(1),
                start + "tumor~12~" + MANIFEST.substring(1) + "g",
                start + "tumor~12~g" + MANIFEST.substring(1),
                start + "tumor~10000000000~" + MANIFEST,
                "mr1~" + REGISTRY.substring(1) + "~tumor~12~" + MANIFEST,
                "mr1~" + REGISTRY.substring(1) + "x~tumor~12~" + MANIFEST,
                "receipt~" + REGISTRY + "~tumor~12~" + MANIFEST,
                start + "tumor~12~" + MANIFEST + "~production~7~main~" + ENTRY.substring(1) + "z",
                start + "tumor~12~" + MANIFEST + "~production~7~main.21~" + ENTRY,
                start + "tumor~12~" + MANIFEST + "~production~7~main.0~" + ENTRY,
                start + "tumor~12~" + MANIFEST + "~production~7~main.~" + ENTRY,
                start + "tumor~12~" + MANIFEST + "~production~7~.1~" + ENTRY,
                start + "tumor~12~" + MANIFEST + "~production~7~main.4294967297~" + ENTRY,
                start + "tumor~12~" + MANIFEST + "~production~7~main",
                start + "tumor~12~" + MANIFEST + "~production~0~main~" + ENTRY,
                start + "tumor~12~" + MANIFEST + "~production~7~~" + ENTRY,
                start + "tumor~12~" + MANIFEST + "~production~7~main~" + ENTRY + "~more");

        assertThat(nonsense)
                .allSatisfy(said -> assertThatThrownBy(() -> Receipt.parse(checked(said)))
                        .isInstanceOf(InvalidRequestException.class));
    }

    @Test
    void aReceiptThatSaysNothingSensibleIsNotMade() {
        EnvironmentName production = EnvironmentName.of("production");
        VersionId twelve = VersionId.of("tumor", 12);
        VersionId beyond = VersionId.of("tumor", 10_000_000_000L);

        assertThatThrownBy(() -> new Receipt("registry", twelve, MANIFEST, null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not the registry's id of a receipt: \"registry\": it has 32 of 0-9 and a-f");
        assertThatThrownBy(() -> new Receipt(REGISTRY, twelve, MANIFEST.substring(1) + "g", null))
                .hasMessageStartingWith("Not the digest of a manifest of a receipt: ");
        assertThatThrownBy(() -> new Receipt(REGISTRY, beyond, MANIFEST, null))
                .hasMessage("Not the version of a receipt: 10000000000: it is 1 to 9999999999");
        for (long revision : new long[] {-1, 0, 10_000_000_000L}) {
            assertThatThrownBy(() -> new Choice(production, revision, "main", 0, ENTRY))
                    .hasMessage("Not the revision of a receipt: " + revision + ": it is 1 to 9999999999");
        }
        for (int step : new int[] {-1, 21}) {
            assertThatThrownBy(() -> new Choice(production, 7, "main", step, ENTRY))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("Not the step of a receipt: " + step + ": it is 0 to 20");
        }
        assertThatThrownBy(() -> new Choice(production, 7, "main", 0, ENTRY + "0"))
                .hasMessageStartingWith("Not the digest of an entry of a receipt: ");
        assertThat(new Choice(production, 1, "main", 0, ENTRY).revision()).isEqualTo(1);
    }

    @Test
    void fiveHundredCharactersAreLookedAtAndNotOneMore() {
        assertThatThrownBy(() -> Receipt.parse("a".repeat(500))).hasMessageContaining("it has lower-case letters");
        assertThatThrownBy(() -> Receipt.parse("a".repeat(501))).hasMessageContaining("it has 501 characters");
    }

    @Test
    void itNamesAManifestByItsFirstHalf() {
        assertThat(version().names(new Digest(MANIFEST + "4594be8205354132ff08162667f2b878")))
                .isTrue();
        assertThat(version().names(Digest.of(new byte[] {1}))).isFalse();
    }

    private static void requireRefused(String text) {
        try {
            Receipt.parse(text);
        } catch (InvalidRequestException e) {
            return;
        } catch (RegistryException e) {
            throw new AssertionError("refused in another way: " + text, e);
        }
        throw new AssertionError("taken for a receipt: " + text);
    }

    private static String checked(String said) {
        CRC32C crc = new CRC32C();
        crc.update(said.getBytes(StandardCharsets.US_ASCII));
        return said + "~" + HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static Receipt version() {
        return new Receipt(REGISTRY, VersionId.of("tumor-classifier", 12), MANIFEST, null);
    }

    private static Receipt served() {
        return new Receipt(
                REGISTRY,
                VersionId.of("tumor-classifier", 12),
                MANIFEST,
                new Choice(EnvironmentName.of("production"), 7, "main", 0, ENTRY));
    }

    private static Receipt any(SplittableRandom random) {
        String names = "abcdefghijklmnopqrstuvwxyz0123456789";
        StringBuilder model = new StringBuilder("m");
        for (int i = random.nextInt(120); i > 0; i--) {
            model.append(names.charAt(random.nextInt(names.length())));
        }
        Choice choice = random.nextBoolean()
                ? null
                : new Choice(
                        EnvironmentName.of("e-" + model),
                        1 + random.nextLong(9_999_999_999L),
                        "b",
                        random.nextInt(21),
                        hex(random));
        return new Receipt(
                hex(random),
                new VersionId(ModelName.of(model.toString()), 1 + random.nextLong(9_999_999_999L)),
                hex(random),
                choice);
    }

    private static String hex(SplittableRandom random) {
        return HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
    }
}
