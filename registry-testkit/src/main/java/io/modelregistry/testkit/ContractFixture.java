package io.modelregistry.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;

/** What the parts of {@link StorageBackendContract} have in common. Its methods are documented there. */
interface ContractFixture {
    int WHOLE = 16 << 20;
    int MAX_PAGE = 1_000;

    StorageBackend backend();

    StorageBackend anotherClient();

    StorageBackend client(Host host);

    Host host();

    boolean tellsBeforehandThatABlobStands();

    boolean deletesByGenerationAtomically();

    boolean tellsIncarnationsOfEqualBytesApart();

    /** The content of an object that must stand. */
    static byte[] contentOf(StorageBackend backend, String key) {
        StoredObject object = backend.get(key, WHOLE).orElseThrow(() -> new AssertionError("Nothing stands at " + key));
        assertThat(object.sizeBytes()).as("sizeBytes of %s", key).isEqualTo(object.content().length);
        return object.content();
    }

    static ObjectInfo infoOf(StorageBackend backend, String key) {
        return backend.stat(key).orElseThrow(() -> new AssertionError("Nothing stands at " + key));
    }

    /** No operation sees an object at the key. */
    static void assertMissing(StorageBackend backend, String key) {
        assertThat(backend.get(key, WHOLE)).as("get %s", key).isEmpty();
        assertThat(backend.stat(key)).as("stat %s", key).isEmpty();
        assertThat(listAll(backend, "")).as("list").doesNotContain(key);
    }

    static List<String> listAll(StorageBackend backend, String prefix) {
        return listPages(backend, prefix, Depth.ALL, "", MAX_PAGE);
    }

    static List<String> listOne(StorageBackend backend, String prefix) {
        return listPages(backend, prefix, Depth.ONE, "", MAX_PAGE);
    }

    /** All pages as one, each checked for itself. */
    static List<String> listPages(StorageBackend backend, String prefix, Depth depth, String startAfter, int limit) {
        List<String> all = new ArrayList<>();
        String position = startAfter;
        Listing page;
        do {
            page = backend.list(prefix, depth, position, limit);
            assertThat(page.keys()).as("page after %s", position).hasSizeLessThanOrEqualTo(limit);
            for (String key : page.keys()) {
                assertThat(key).as("order").isGreaterThan(position);
                assertThat(key).as("prefix").startsWith(prefix);
                position = key;
            }
            all.addAll(page.keys());
        } while (page.more());
        return all;
    }
}
