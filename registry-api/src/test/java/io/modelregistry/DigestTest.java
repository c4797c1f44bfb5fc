package io.modelregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestTest {
    /** FIPS 180-2, appendix B.1. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final String OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void itIsTheSha256OfTheBytes() {
        assertThat(Digest.of("abc".getBytes(StandardCharsets.US_ASCII)).hex()).isEqualTo(OF_ABC);
        assertThat(Digest.of(new byte[0]).hex()).isEqualTo(OF_NOTHING);
        assertThat(Digest.ofHash(Digest.newSha256().digest()).hex()).isEqualTo(OF_NOTHING);
    }

    @Test
    void itReadsWhatItPrints() {
        Digest digest = new Digest(OF_ABC);

        assertThat(digest).hasToString("sha256:" + OF_ABC);
        assertThat(Digest.parse(digest.toString())).isEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", OF_ABC + "0", OF_ABC + "\n", "sha256:" + OF_ABC})
    void hexOfAnotherLengthIsRefused(String hex) {
        assertThatThrownBy(() -> new Digest(hex))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not a SHA-256 digest: \"" + Texts.printable(hex) + "\": it has 64 digits of 0-9 and a-f");
    }

    @ParameterizedTest
    @ValueSource(chars = {'/', ':', '`', 'g', '\u0660'})
    void aCharacterNextToTheDigitsIsNone(char neighbour) {
        String hex = OF_ABC.replace('b', neighbour);

        assertThatThrownBy(() -> new Digest(hex))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("\": it has 64 digits of 0-9 and a-f");
    }

    @Test
    void everyDigitIsOne() {
        String hex = "0123456789abcdef".repeat(4);

        assertThat(new Digest(hex).hex()).isEqualTo(hex);
    }

    @Test
    void upperCaseIsRefusedSoThatThereIsOneSpelling() {
        String hex = OF_ABC.replace('b', 'B');

        assertThatThrownBy(() -> new Digest(hex)).isInstanceOf(InvalidRequestException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", OF_ABC, "md5:" + OF_ABC, "SHA256:" + OF_ABC, " sha256:" + OF_ABC})
    void textWithoutItsPrefixIsRefused(String text) {
        assertThatThrownBy(() -> Digest.parse(text))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not a digest: \"" + text + "\": it starts with sha256:");
    }
}
