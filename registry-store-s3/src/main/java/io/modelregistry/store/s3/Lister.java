package io.modelregistry.store.s3;

import io.modelregistry.storage.Depth;
import io.modelregistry.storage.KeyGrammar;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Lists keys in key order, without the prefix that all keys of the registry share.
 *
 * @param location for messages
 * @param root that prefix
 */
record Lister(S3Port port, String location, String root, Duration timeout) {
    /** After every key that begins with the text before it. */
    private static final String LAST = "\uDBFF\uDFFF";

    /** Pages in which nothing but strangers lie, one after the other. */
    private static final int MOST_EMPTY_PAGES = 10_000;

    private static final Comparator<String> BYTES =
            Comparator.comparing(text -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    Listing list(String prefix, Depth depth, String startAfter, int limit) throws S3Failure {
        String position = startAfter;
        for (int page = 0; page < MOST_EMPTY_PAGES; page++) {
            S3Port.Page answer = port.list(
                    root + prefix,
                    depth == Depth.ONE ? "/" : null,
                    position.isEmpty() ? "" : root + after(position, prefix, depth),
                    limit,
                    timeout);
            List<String> entries = inOrder(answer);
            List<String> wanted = new ArrayList<>();
            for (String entry : entries) {
                if (entry.length() > prefix.length()
                        && BYTES.compare(entry, startAfter) > 0
                        && (depth == Depth.ALL || isOfTheGrammar(entry))) {
                    wanted.add(entry);
                }
            }
            if (!wanted.isEmpty() || !answer.more() || entries.isEmpty()) {
                return new Listing(wanted, answer.more() && !wanted.isEmpty());
            }
            position = entries.get(entries.size() - 1);
        }
        throw new StorageException(
                Kind.UNSUITABLE,
                "Below " + prefix + " in " + location + " lie too many objects that are not the registry's");
    }

    /** A folder has been listed: what lies in it is to be skipped. */
    private static String after(String position, String prefix, Depth depth) {
        return depth == Depth.ONE && position.endsWith("/") && position.startsWith(prefix) && !position.equals(prefix)
                ? position + LAST
                : position;
    }

    private List<String> inOrder(S3Port.Page page) {
        requireOrder(page.keys());
        requireOrder(page.folders());
        List<String> all = new ArrayList<>();
        page.keys().forEach(key -> all.add(key.substring(root.length())));
        page.folders().forEach(folder -> all.add(folder.substring(root.length())));
        all.sort(BYTES);
        return all;
    }

    private void requireOrder(List<String> keys) {
        for (int i = 1; i < keys.size(); i++) {
            if (BYTES.compare(keys.get(i - 1), keys.get(i)) >= 0) {
                throw new StorageException(
                        Kind.UNSUITABLE,
                        "The store of " + location + " lists " + keys.get(i - 1) + " before " + keys.get(i)
                                + ": a registry needs listings in the order of the keys' bytes. Use another store");
            }
        }
    }

    private static boolean isOfTheGrammar(String entry) {
        return KeyGrammar.isKey(entry.endsWith("/") ? entry.substring(0, entry.length() - 1) : entry);
    }
}
