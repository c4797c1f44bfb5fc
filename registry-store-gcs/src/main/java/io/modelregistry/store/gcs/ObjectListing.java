package io.modelregistry.store.gcs;

import com.google.api.services.storage.model.Objects;
import com.google.api.services.storage.model.StorageObject;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.KeyGrammar;
import io.modelregistry.storage.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lists keys. The store begins with {@code startOffset} itself, and with a folder whose content it is in; what is not after the
 * beginning that was asked for is left out here, and what certainly isn't is not asked for.
 */
final class ObjectListing {
    private static final String LIST = "storage.objects.list";
    private static final int LARGEST_PAGE = 1_000;

    /** The character after the slash, which ends a folder. */
    private static final char AFTER_SLASH = '/' + 1;

    private final ObjectAddresses addresses;
    private final Wire wire;
    private final GcsErrors errors;

    ObjectListing(ObjectAddresses addresses, Wire wire, GcsErrors errors) {
        this.addresses = addresses;
        this.wire = wire;
        this.errors = errors;
    }

    Listing list(String prefix, Depth depth, String startAfter, int limit) {
        Call call = Call.reading("list " + (prefix.isEmpty() ? "everything" : prefix), LIST, addresses.printed(prefix));
        ObjectAddresses.Address address = addresses
                .objects()
                .with("prefix", addresses.name(prefix))
                .with("fields", "items(name),prefixes,nextPageToken")
                .with("maxResults", Integer.toString(Math.min(limit + 1, LARGEST_PAGE)));
        String start = start(prefix, depth, startAfter);
        if (start.compareTo(prefix) > 0) {
            address = address.with("startOffset", addresses.name(start));
        }
        if (depth == Depth.ONE) {
            address = address.with("delimiter", "/");
        }
        TreeSet<String> found = new TreeSet<>();
        String token = null;
        do {
            Objects page = page(call, token == null ? address : address.with("pageToken", token));
            collect(page, prefix, depth, startAfter, found);
            token = page.getNextPageToken();
        } while (token != null && found.isEmpty());
        List<String> keys = new ArrayList<>(found);
        boolean cut = keys.size() > limit;
        return new Listing(cut ? keys.subList(0, limit) : keys, cut || token != null);
    }

    /**
     * Where the store is to begin. Of a beginning with other characters than keys have only what is before the first of them: not every
     * character can be asked for.
     */
    private static String start(String prefix, Depth depth, String startAfter) {
        int plain = 0;
        while (plain < startAfter.length() && isOfKeys(startAfter.charAt(plain))) {
            plain++;
        }
        String start = startAfter.substring(0, Math.min(plain, KeyGrammar.MAX_KEY));
        if (depth == Depth.ONE && start.startsWith(prefix)) {
            int slash = start.indexOf('/', prefix.length());
            if (slash >= 0) {
                return start.substring(0, slash) + AFTER_SLASH;
            }
        }
        return start;
    }

    private static boolean isOfKeys(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '/';
    }

    private void collect(Objects page, String prefix, Depth depth, String startAfter, Set<String> found) {
        if (page.getItems() != null) {
            for (StorageObject item : page.getItems()) {
                String key = key(item.getName());
                if (key != null
                        && key.compareTo(startAfter) > 0
                        && key.length() > prefix.length()
                        && (depth == Depth.ALL || KeyGrammar.isKey(key))) {
                    found.add(key);
                }
            }
        }
        if (page.getPrefixes() != null) {
            for (String folder : page.getPrefixes()) {
                String key = key(folder);
                if (key != null
                        && key.compareTo(startAfter) > 0
                        && KeyGrammar.isKey(key.substring(0, key.length() - 1))) {
                    found.add(key);
                }
            }
        }
    }

    private @Nullable String key(String name) {
        return name.startsWith(addresses.prefix())
                ? name.substring(addresses.prefix().length())
                : null;
    }

    private Objects page(Call call, ObjectAddresses.Address address) {
        try (Answer answer = wire.get(call, address.url())) {
            if (!answer.isSuccess()) {
                throw errors.refused(call, answer);
            }
            return answer.json(Objects.class);
        } catch (IOException e) {
            throw errors.broken(call, e, false);
        }
    }
}
