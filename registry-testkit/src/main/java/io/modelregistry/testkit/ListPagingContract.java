package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.listPages;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.StorageBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages of {@code list}, compared with a sorted set. */
interface ListPagingContract extends ContractFixture {
    List<String> BRANCHING_KEYS = List.of(
            "0.json",
            "a-b/x",
            "a-b/y",
            "a.b",
            "a/b-c/x",
            "a/b.c",
            "a/b/c/d",
            "a/b/c/e",
            "a/b/f",
            "a/b0",
            "a/b_c/x",
            "a/z",
            "a0/x",
            "a1",
            "a_b/x",
            "ab",
            "b/only/one/deep/object",
            "z");

    private void createBranchingKeys() {
        for (String key : BRANCHING_KEYS) {
            backend().create(key, new byte[1]);
        }
    }

    /** What a listing without pages would say. */
    private static List<String> expected(String prefix, Depth depth, String startAfter) {
        TreeSet<String> entries = new TreeSet<>();
        for (String key : BRANCHING_KEYS) {
            if (key.startsWith(prefix)) {
                int slash = key.indexOf('/', prefix.length());
                entries.add(depth == Depth.ALL || slash < 0 ? key : key.substring(0, slash + 1));
            }
        }
        return List.copyOf(entries.tailSet(startAfter, false));
    }

    @ParameterizedTest
    @EnumSource(Depth.class)
    default void pagesOfEverySizeGiveTheSame(Depth depth) {
        createBranchingKeys();

        for (String prefix : List.of("", "a/", "a/b/", "b/")) {
            List<String> expected = expected(prefix, depth, "");
            for (int limit = 1; limit <= expected.size() + 1; limit++) {
                assertThat(listPages(backend(), prefix, depth, "", limit))
                        .as("%s below '%s' in pages of %s", depth, prefix, limit)
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Depth.class)
    default void aListingBeginsStrictlyAfterAnyEntry(Depth depth) {
        createBranchingKeys();

        for (String prefix : List.of("", "a/")) {
            for (String startAfter : expected(prefix, depth, "")) {
                assertListedAfter(prefix, depth, startAfter);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Depth.class)
    default void aListingMayBeginAfterAnythingElse(Depth depth) {
        createBranchingKeys();

        for (String startAfter : List.of(
                "-",
                "0",
                "0.json/",
                "a",
                "a-",
                "a-b",
                "a/",
                "a//",
                "a/b/c/dd",
                "a/b/c0",
                "a/zzz",
                "a/~",
                "a0",
                "aa",
                "A",
                "B/x",
                "~",
                " ",
                "zz",
                "..",
                "../a",
                "a/../z",
                "a\\b",
                "a b",
                "a+b",
                "a%2fb",
                "\u00e9",
                "b/only/one",
                "b/only/one/deep/object/more",
                "b".repeat(900))) {
            assertListedAfter("", depth, startAfter);
            assertListedAfter("a/", depth, startAfter);
            assertListedAfter("b/", depth, startAfter);
        }
    }

    private void assertListedAfter(String prefix, Depth depth, String startAfter) {
        for (int limit : new int[] {2, MAX_PAGE}) {
            assertThat(listPages(backend(), prefix, depth, startAfter, limit))
                    .as("%s below '%s' after '%s' in pages of %s", depth, prefix, startAfter, limit)
                    .isEqualTo(expected(prefix, depth, startAfter));
        }
    }

    @ParameterizedTest
    @EnumSource(Depth.class)
    default void aPageAfterTheLastEntryIsEmptyAndTheLast(Depth depth) {
        createBranchingKeys();

        assertThat(backend().list("", depth, "z", MAX_PAGE)).isEqualTo(new Listing(List.of(), false));
    }

    @Test
    default void thousandsOfObjectsAndFoldersAreListedInPages() throws Exception {
        int half = 1_250;
        StorageBackend client = backend();
        Crew.run(8, thread -> {
            for (int i = thread; i < half; i += 8) {
                client.overwrite(numbered("hints/flat/", i), new byte[1]);
                client.overwrite(numbered("hints/deep/", i) + "/object", new byte[1]);
            }
        });
        List<String> objects = numbered("hints/flat/", half, "");
        List<String> folders = numbered("hints/deep/", half, "/");
        List<String> all = numbered("hints/deep/", half, "/object");
        all.addAll(objects);

        assertThat(listPages(client, "", Depth.ALL, "", MAX_PAGE)).isEqualTo(all);
        assertThat(listPages(anotherClient(), "hints/", Depth.ALL, "", 999)).isEqualTo(all);
        assertThat(listPages(client, "hints/flat/", Depth.ONE, "", MAX_PAGE)).isEqualTo(objects);
        assertThat(listPages(client, "hints/deep/", Depth.ONE, "", MAX_PAGE)).isEqualTo(folders);
        assertThat(listPages(client, "hints/deep/", Depth.ONE, "", 100)).isEqualTo(folders);
        assertThat(listPages(client, "hints/", Depth.ONE, "", 1)).containsExactly("hints/deep/", "hints/flat/");
    }

    private static List<String> numbered(String prefix, int count, String suffix) {
        return IntStream.range(0, count)
                .mapToObj(i -> numbered(prefix, i) + suffix)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static String numbered(String prefix, int number) {
        return prefix + Integer.toString(10_000 + number);
    }
}
