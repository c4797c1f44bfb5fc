package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.contentOf;
import static io.modelregistry.testkit.ContractFixture.listAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.StorageBackend;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys and other arguments. */
interface KeyContract extends ContractFixture {
    HexFormat HEX = HexFormat.of();
    List<String> BAD_KEYS = List.of(
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "./a",
            "a/.",
            "a/..",
            "../a",
            "a/../b",
            ".hidden",
            "a/.hidden",
            "-a",
            "_a",
            "a/-b",
            "a/_b",
            "A",
            "a/B",
            "a b",
            " a",
            "a ",
            "a\\b",
            "a:b",
            "a*b",
            "a?b",
            "a+b",
            "a~b",
            "a%2fb",
            "a%2e%2e",
            "a\u0000b",
            "a\nb",
            "a\n",
            "a\tb",
            "\u00e9",
            "e\u0301",
            "\u0430", // Cyrillic a
            "\uff41", // fullwidth a
            "a\u202eb",
            "a\ud800b",
            "\u0661", // Arabic digit one
            "a/" + "b".repeat(201),
            "b".repeat(201) + "/a",
            keyOfLength(901));

    static Stream<Named<String>> badKeys() {
        return BAD_KEYS.stream().map(KeyContract::printable);
    }

    static Stream<Named<String>> unusualKeys() {
        return Stream.of(
                        "a",
                        "0",
                        "a-",
                        "a.",
                        "a_",
                        "a..b",
                        "a--b/0__",
                        "0000000001.json",
                        "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z",
                        "b".repeat(200),
                        "a/" + "b".repeat(200) + "/c",
                        keyOfLength(900))
                .map(KeyContract::printable);
    }

    /** The key as the argument of a test whose name can be written to any report. */
    private static Named<String> printable(String key) {
        String name = key.length() <= 60 ? key : key.substring(0, 30) + "... of " + key.length() + " characters";
        String escaped = name.chars()
                .mapToObj(each ->
                        each > ' ' && each <= '~' ? Character.toString(each) : "\\u" + HEX.toHexDigits((short) each))
                .collect(Collectors.joining());
        return Named.of("'" + escaped + "'", key);
    }

    static String keyOfLength(int length) {
        String key = ("b".repeat(199) + "/").repeat(length / 200 + 1).substring(0, length);
        return key.endsWith("/") ? key.substring(0, length - 1) + "b" : key;
    }

    @ParameterizedTest
    @MethodSource("badKeys")
    default void aKeyOutsideTheGrammarIsRefusedByEveryOperationThatTakesOne(String key) {
        StorageBackend backend = backend();
        SampleBlob blob = SampleBlob.of(1, 10);
        Stream.<Executable>of(
                        () -> backend.create(key, new byte[1]),
                        () -> backend.get(key, 1),
                        () -> backend.stat(key),
                        () -> backend.overwrite(key, new byte[1]),
                        () -> backend.upload(key, blob),
                        () -> backend.read(key, 0, 1).close(),
                        () -> backend.delete(key, new Generation("1")))
                .forEach(KeyContract::assertBadArgument);

        assertThat(blob.opened).hasValue(0);
        assertThat(listAll(backend, "")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("unusualKeys")
    default void everyKeyOfTheGrammarNamesAnObject(String key) {
        byte[] content = SampleContent.text(key);

        assertThat(backend().create(key, content)).isEqualTo(CreateOutcome.CREATED);

        assertThat(contentOf(anotherClient(), key)).isEqualTo(content);
        assertThat(backend().stat(key)).isPresent();
        assertThat(listAll(backend(), "")).containsExactly(key);
    }

    @Test
    default void keysThatAreAlikeNameDifferentObjects() {
        List<String> keys = List.of("a/b", "a-b", "a.b", "a_b", "ab", "a-/b", "a./b", "aa/b", "a/b-", "a/bb");
        for (String key : keys) {
            assertThat(backend().create(key, SampleContent.text(key))).isEqualTo(CreateOutcome.CREATED);
        }

        for (String key : keys) {
            assertThat(contentOf(backend(), key)).isEqualTo(SampleContent.text(key));
        }
    }

    @Test
    default void moreThanTwoMebibytesAreRefused() {
        byte[] content = new byte[2 * SampleContent.MEBIBYTE + 1];

        assertBadArgument(() -> backend().create("a", content));
        assertBadArgument(() -> backend().overwrite("a", content));
        assertThat(listAll(backend(), "")).isEmpty();
    }

    @Test
    default void limitsAndRangesOutsideTheirBoundsAreRefused() {
        StorageBackend backend = backend();
        backend.create("a", new byte[10]);

        assertBadArgument(() -> backend.get("a", 0));
        assertBadArgument(() -> backend.get("a", -1));
        assertBadArgument(() -> backend.get("a", (16 << 20) + 1));
        assertBadArgument(() -> backend.list("", Depth.ALL, "", 0));
        assertBadArgument(() -> backend.list("", Depth.ONE, "", 1_001));
        assertBadArgument(() -> backend.read("a", -1, 5).close());
        assertBadArgument(() -> backend.read("a", 0, -1).close());
    }

    @Test
    default void aPrefixThatDoesNotEndInASlashIsRefused() {
        backend().create("a/b", new byte[1]);

        assertBadArgument(() -> backend().list("a", Depth.ALL, "", 10));
        assertBadArgument(() -> backend().list("a/b", Depth.ONE, "", 10));
    }

    private static void assertBadArgument(Executable call) {
        assertThatThrownBy(call::execute).isInstanceOf(IllegalArgumentException.class);
    }
}
