package io.modelregistry.storage;

import java.util.List;

/**
 * One page of a listing.
 *
 * @param keys in key order; folders end in {@code /}
 * @param more whether a further page may follow; ask for it with the last key as {@code startAfter}
 */
public record Listing(List<String> keys, boolean more) {
    public Listing {
        keys = List.copyOf(keys);
        if (more && keys.isEmpty()) {
            throw new IllegalArgumentException("A page with more to come has at least one key");
        }
    }
}
