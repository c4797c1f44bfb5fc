package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.infoOf;
import static io.modelregistry.testkit.ContractFixture.listAll;
import static io.modelregistry.testkit.ContractFixture.listOne;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.StorageBackend;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code list} finds; {@link ListPagingContract} has the pages. */
interface ListContract extends ContractFixture {
    int WRITERS = 3;
    int ROUNDS_OF_CREATES = 45;

    private void createAll(String... keys) {
        for (String key : keys) {
            assertThat(backend().create(key, new byte[1])).isEqualTo(CreateOutcome.CREATED);
        }
    }

    @Test
    default void anEmptyStoreListsNothing() {
        for (Depth depth : Depth.values()) {
            assertThat(backend().list("", depth, "", MAX_PAGE)).isEqualTo(new Listing(List.of(), false));
        }
    }

    @Test
    default void allListsEveryObjectBelowInKeyOrder() {
        createAll("b/2", "b/10", "b/1", "b/1-a", "b/1.json", "a", "c/d/e/f", "b/x/y");

        assertThat(listAll(backend(), ""))
                .containsExactly("a", "b/1", "b/1-a", "b/1.json", "b/10", "b/2", "b/x/y", "c/d/e/f");
        assertThat(listAll(anotherClient(), "b/")).containsExactly("b/1", "b/1-a", "b/1.json", "b/10", "b/2", "b/x/y");
    }

    @Test
    default void oneListsObjectsAndFoldersThatAreDirectChildren() {
        createAll("b/2", "b/1", "a", "c/d/e/f", "c/d/g", "b/x/y", "b/x/z");

        assertThat(listOne(backend(), "")).containsExactly("a", "b/", "c/");
        assertThat(listOne(anotherClient(), "b/")).containsExactly("b/1", "b/2", "b/x/");
        assertThat(listOne(backend(), "c/")).containsExactly("c/d/");
        assertThat(listOne(backend(), "c/d/")).containsExactly("c/d/e/", "c/d/g");
    }

    @Test
    default void foldersAreOrderedWithTheirSlash() {
        createAll("a/x", "a-b/x", "a.b/x", "a0/x", "a_b/x", "ab/x", "a-c", "a.c", "a1", "a_c", "ac");
        createAll("p/a/x", "p/a-b/x", "p/a.b/x", "p/a0");

        assertThat(listOne(backend(), ""))
                .containsExactly("a-b/", "a-c", "a.b/", "a.c", "a/", "a0/", "a1", "a_b/", "a_c", "ab/", "ac", "p/");
        assertThat(listOne(backend(), "p/")).containsExactly("p/a-b/", "p/a.b/", "p/a/", "p/a0");
    }

    @Test
    default void keysThatBranchAtEveryCharacterAreInKeyOrder() {
        createAll("a/x", "a-b/x", "a.b/x", "a0/x", "a_b/x", "a-c", "a.c", "a1", "a/b/x", "a/b-c", "a/b.c/x", "a/b0");

        assertThat(listAll(backend(), ""))
                .containsExactly(
                        "a-b/x", "a-c", "a.b/x", "a.c", "a/b-c", "a/b.c/x", "a/b/x", "a/b0", "a/x", "a0/x", "a1",
                        "a_b/x");
    }

    @Test
    default void aPrefixWithNothingBelowIsEmpty() {
        createAll("a/b", "a-b/c");

        for (String prefix : List.of("b/", "a/b/", "a/c/", "a-/", "aa/", "a/b/c/d/")) {
            for (Depth depth : Depth.values()) {
                assertThat(backend().list(prefix, depth, "", MAX_PAGE)).isEqualTo(new Listing(List.of(), false));
            }
        }
    }

    @Test
    default void deletedObjectsAndTheFoldersTheyLeaveEmptyAreNotListed() {
        createAll("a/b/c/d", "a/x", "e/f", "g");
        for (String key : List.of("a/b/c/d", "e/f", "g")) {
            backend().delete(key, infoOf(backend(), key).generation());
        }

        assertThat(listAll(backend(), "")).containsExactly("a/x");
        assertThat(listOne(backend(), "")).containsExactly("a/");
        assertThat(listOne(backend(), "a/")).containsExactly("a/x");
        assertThat(listOne(backend(), "a/b/")).isEmpty();
        assertThat(listOne(anotherClient(), "e/")).isEmpty();
    }

    @Test
    default void anUploadUnderWayIsNotListed() {
        StorageBackend other = anotherClient();
        List<String> seen = new ArrayList<>();
        SampleBlob blob = SampleBlob.of(1, 9L * SampleContent.MEBIBYTE).halfWay(() -> {
            seen.addAll(listAll(other, ""));
            seen.addAll(listOne(other, ""));
            seen.addAll(listOne(other, "blobs/a/"));
        });

        backend().upload("blobs/a/sha256/1", blob);

        assertThat(seen).isEmpty();
        assertThat(listAll(other, "")).containsExactly("blobs/a/sha256/1");
    }

    @Test
    default void everythingAcknowledgedBeforeIsListedWhileOthersCreate() throws Exception {
        List<StorageBackend> clients = List.of(backend(), anotherClient());

        Crew.runRounds(2 * WRITERS, ROUNDS_OF_CREATES, (thread, round) -> {
            StorageBackend client = clients.get(thread % 2);
            if (thread < WRITERS) {
                assertThat(client.create(keyOf(thread, round), new byte[round])).isEqualTo(CreateOutcome.CREATED);
            } else {
                assertListsWhatWasCreatedBefore(client, round);
            }
        });

        assertListsWhatWasCreatedBefore(backend(), ROUNDS_OF_CREATES);
    }

    private static void assertListsWhatWasCreatedBefore(StorageBackend client, int round) {
        Set<String> before = new HashSet<>();
        Set<String> now = new HashSet<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            for (int i = 0; i < round; i++) {
                before.add(keyOf(writer, i));
            }
            now.add(keyOf(writer, round));
        }
        List<String> listed = ContractFixture.listPages(client, "w/", Depth.ALL, "", 50);
        for (String key : listed) {
            assertThat(before.remove(key) || now.contains(key))
                    .as("%s was created", key)
                    .isTrue();
        }
        assertThat(before).as("created before, but not listed").isEmpty();
        for (String key : now) {
            assertThat(!listed.contains(key) || client.stat(key).isPresent())
                    .as("%s is listed and can be read", key)
                    .isTrue();
        }
    }

    /** Neither in key order nor all in one folder: 37 and the number of keys have no common divisor. */
    private static String keyOf(int writer, int round) {
        int position = round * 37 % (ROUNDS_OF_CREATES + 1);
        return "w/f" + position % 4 + "/" + position + "-" + writer;
    }
}
