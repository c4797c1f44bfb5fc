package io.modelregistry.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.RegistryException;
import io.modelregistry.UpgradeRequiredException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class PositionTest {
    private static final String REGISTRY = "0000000100000000000000000000000b";
    /** Never edited: written by another implementation (Python), and readable for ever. */
    private static final String GOLDEN =
            "mp1~0000000100000000000000000000000b~Y-DJzU9JzSnWLynNzS9iZJAoSi3LTC2H8vUNoMDQ6P_x9QtUGfjKUouKM_PzoPJrmAA~b2133ae6";

    @Test
    void whatWasPrintedOnceIsReadForEver() {
        assertThat(Position.parse(GOLDEN)).isEqualTo(sample());
        assertThat(Position.parse(sample().toString())).isEqualTo(sample());
    }

    @Test
    void theBeginningIsOfAnyRegistry() {
        Position beginning = Position.parse(Position.beginning().toString());

        assertThat(beginning).isEqualTo(Position.beginning());
        assertThat(beginning.registry()).isEmpty();
        assertThat(beginning.delivered("versions/tumor")).isZero();
    }

    @Test
    void manyStreamsTakeAFewCharactersEach() {
        TreeMap<String, Long> delivered = new TreeMap<>();
        SplittableRandom random = new SplittableRandom(3);
        for (int model = 0; model < 100; model++) {
            delivered.put("versions/model-" + model, 100L);
            for (int version = 1; version <= 100; version++) {
                String number = "0".repeat(10 - Integer.toString(version).length()) + version;
                delivered.put("evaluations/model-" + model + "/" + number, 1 + random.nextLong(30));
                delivered.put("reviews/model-" + model + "/" + number, 1 + random.nextLong(5));
            }
        }
        Position position = new Position(REGISTRY, delivered);

        assertThat(position.delivered()).hasSize(20_100);
        assertThat(position.toString().length() / 20_100.0).isLessThan(3);
        assertThat(Position.parse(position.toString())).isEqualTo(position);
    }

    @Test
    void everyWrongAndEveryLostCharacterIsRefused() {
        for (int at = 0; at < GOLDEN.length(); at++) {
            for (char wrong : "0aZ~-_ \n".toCharArray()) {
                if (wrong != GOLDEN.charAt(at)) {
                    requireRefused(GOLDEN.substring(0, at) + wrong + GOLDEN.substring(at + 1));
                }
            }
            requireRefused(GOLDEN.substring(0, at));
            requireRefused(GOLDEN.substring(0, at) + GOLDEN.substring(at + 1));
        }
    }

    @Test
    void whatIsWholeAndSaysNothingSensibleIsRefused() {
        SplittableRandom random = new SplittableRandom(11);
        String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        requireRefused(checked("mp1~short~"));
        requireRefused(checked("mp1~" + REGISTRY + "~A"));
        for (int i = 0; i < 20_000; i++) {
            StringBuilder body = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                body.append(letters.charAt(random.nextInt(64)));
            }
            try {
                Position.parse(checked("mp1~" + REGISTRY + "~" + body));
            } catch (InvalidRequestException e) {
                // as it should
            }
        }
    }

    @Test
    void aNewerFormThatIsWholeAsksForAnUpgrade() {
        assertThatThrownBy(() -> Position.parse(checked("mp2~" + REGISTRY + "~AAAA")))
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessageContaining("has the form mp2; this release reads mp1");
    }

    private static void requireRefused(String text) {
        try {
            Position.parse(text);
        } catch (InvalidRequestException e) {
            assertThat(e).hasMessageStartingWith("Not a position of a feed: ");
            return;
        } catch (RegistryException e) {
            throw new AssertionError("refused in another way: " + text, e);
        }
        throw new AssertionError("taken for a position: " + text);
    }

    private static String checked(String said) {
        CRC32C crc = new CRC32C();
        crc.update(said.getBytes(StandardCharsets.US_ASCII));
        return said + "~" + HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static Position sample() {
        return new Position(
                REGISTRY,
                new TreeMap<>(Map.of(
                        "models/tumor", 1L,
                        "versions/tumor", 300L,
                        "reviews/tumor/0000000012", 9_999_999_999L)));
    }
}
