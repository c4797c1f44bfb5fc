package io.modelregistry.testkit;

import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** Wrong ways to list. */
final class BrokenLists {
    private BrokenLists() {}

    static StorageBackend ordersFoldersByName(MemoryStore store, Host host) {
        return ordering(store, Comparator.comparing(entry -> entry.replaceFirst("/$", "")));
    }

    /** As a walk through folders does that visits each in the order of its names. */
    static StorageBackend ordersByFolder(MemoryStore store, Host host) {
        return ordering(store, Comparator.comparing(entry -> entry.replace('/', ' ')));
    }

    private static StorageBackend ordering(MemoryStore store, Comparator<String> order) {
        return new ForwardingBackend(store.open()) {
            @Override
            public Listing list(String prefix, Depth depth, String startAfter, int limit) {
                Listing page = right.list(prefix, depth, startAfter, limit);
                List<String> keys = new ArrayList<>(page.keys());
                keys.sort(order);
                return new Listing(keys, page.more());
            }
        };
    }

    static StorageBackend beginsWithStartAfter(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public Listing list(String prefix, Depth depth, String startAfter, int limit) {
                String before = startAfter.isEmpty() ? "" : startAfter.substring(0, startAfter.length() - 1);
                Listing page = right.list(prefix, depth, before, limit);
                return page.keys().contains(startAfter) ? page : right.list(prefix, depth, startAfter, limit);
            }
        };
    }

    /** As S3 does when it is given a start within a folder. */
    static StorageBackend repeatsTheFolderItIsIn(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public Listing list(String prefix, Depth depth, String startAfter, int limit) {
                int slash = startAfter.startsWith(prefix) ? startAfter.indexOf('/', prefix.length()) : -1;
                boolean within = depth == Depth.ONE && slash >= 0 && slash < startAfter.length() - 1;
                return right.list(prefix, depth, within ? startAfter.substring(0, slash) : startAfter, limit);
            }
        };
    }

    static StorageBackend stopsAtAFullPage(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public Listing list(String prefix, Depth depth, String startAfter, int limit) {
                return new Listing(right.list(prefix, depth, startAfter, limit).keys(), false);
            }
        };
    }

    static StorageBackend listsAMomentAgo(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            private volatile Listing before = new Listing(List.of(), false);

            @Override
            public Listing list(String prefix, Depth depth, String startAfter, int limit) {
                Listing stale = before;
                before = right.list(prefix, depth, startAfter, limit);
                return startAfter.isEmpty() ? new Listing(stale.keys(), false) : before;
            }
        };
    }

    /** As folders are that nobody removes. */
    static StorageBackend listsEmptyFolders(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            private final ConcurrentSkipListSet<String> left = new ConcurrentSkipListSet<>();

            @Override
            public void delete(String key, Generation generation) {
                left.add(key.substring(0, key.indexOf('/') + 1));
                right.delete(key, generation);
            }

            @Override
            public Listing list(String prefix, Depth depth, String startAfter, int limit) {
                Listing page = right.list(prefix, depth, startAfter, limit);
                if (depth == Depth.ALL || !prefix.isEmpty()) {
                    return page;
                }
                TreeSet<String> more = new TreeSet<>(page.keys());
                more.addAll(left);
                return new Listing(List.copyOf(more), page.more());
            }
        };
    }

    static StorageBackend listsItsTemporaryFiles(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome upload(String key, BlobSource source) {
                store.put(key + ".tmp", new byte[0]);
                try {
                    return right.upload(key, source);
                } finally {
                    store.remove(key + ".tmp");
                }
            }
        };
    }

    static StorageBackend takesAnyPrefix(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public Listing list(String prefix, Depth depth, String startAfter, int limit) {
                return right.list(prefix.replaceFirst("([^/])$", "$1/"), depth, startAfter, limit);
            }
        };
    }
}
