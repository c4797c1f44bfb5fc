package io.modelregistry.store.gcs.server;

import static io.modelregistry.store.gcs.server.RawClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listings as they look on the wire. */
final class ListsOnTheWireTest {
    private final GcsServer server = GcsServer.start();
    private final RawClient client = new RawClient(server.uri());

    @BeforeEach
    void insert() {
        server.bucket("b");
        for (String name : List.of("a/1", "a/2", "a-b/1", "b", "c/d/e", "c/d/f", "c/g")) {
            client.insert("b", name, "x", "");
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Items, then prefixes. */
    private static List<String> names(JsonObject page) {
        List<String> names = new ArrayList<>();
        if (page.has("items")) {
            page.getAsJsonArray("items")
                    .forEach(
                            item -> names.add(item.getAsJsonObject().get("name").getAsString()));
        }
        if (page.has("prefixes")) {
            page.getAsJsonArray("prefixes").forEach((JsonElement prefix) -> names.add(prefix.getAsString()));
        }
        return names;
    }

    private JsonObject list(String query) {
        return json(client.get("/storage/v1/b/b/o?" + query));
    }

    @Test
    void namesComeInOrder() {
        assertThat(names(list(""))).containsExactly("a-b/1", "a/1", "a/2", "b", "c/d/e", "c/d/f", "c/g");
    }

    @Test
    void aDelimiterFoldsWhatLiesDeeper() {
        assertThat(names(list("delimiter=%2F"))).containsExactly("b", "a-b/", "a/", "c/");
        assertThat(names(list("delimiter=%2F&prefix=c%2F"))).containsExactly("c/g", "c/d/");
    }

    @Test
    void theStartIsListedItselfAndTheEndIsNot() {
        assertThat(names(list("startOffset=a%2F2"))).containsExactly("a/2", "b", "c/d/e", "c/d/f", "c/g");
        assertThat(names(list("startOffset=a%2F2&endOffset=c%2Fd%2Ff"))).containsExactly("a/2", "b", "c/d/e");
        assertThat(names(list("startOffset=a%2F2&delimiter=%2F"))).containsExactly("b", "a/", "c/");
    }

    @Test
    void pagesOfEverySizeFitTogetherWithAndWithoutFolders() {
        for (String delimiter : List.of("", "&delimiter=%2F")) {
            for (int size = 1; size < 9; size++) {
                List<String> all = new ArrayList<>();
                String token = "";
                do {
                    JsonObject page = list("maxResults=" + size + delimiter + token);
                    assertThat(names(page)).hasSizeBetween(1, size);
                    all.addAll(names(page));
                    token = page.has("nextPageToken")
                            ? "&pageToken=" + page.get("nextPageToken").getAsString()
                            : "";
                } while (!token.isEmpty());
                assertThat(all).doesNotHaveDuplicates().hasSize(delimiter.isEmpty() ? 7 : 4);
            }
        }
    }

    @Test
    void fieldsSelectParts() {
        assertThat(list("fields=items(name,size),nextPageToken&maxResults=1&prefix=a%2F")
                        .toString())
                .startsWith("{\"items\":[{\"name\":\"a/1\",\"size\":\"1\"}],\"nextPageToken\":");
        assertThat(list("fields=prefixes&prefix=none")).isEqualTo(new JsonObject());
    }
}
