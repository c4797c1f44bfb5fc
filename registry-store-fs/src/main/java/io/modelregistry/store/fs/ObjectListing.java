package io.modelregistry.store.fs;

import io.modelregistry.storage.Depth;
import io.modelregistry.storage.KeyGrammar;
import io.modelregistry.storage.Listing;
import io.modelregistry.store.fs.FileOperations.Next;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * One page of a listing. Names are put in order before it is known which are folders, and only those that the page comes to are
 * looked at: a folder of many thousand entries costs one read of its names, not a look at each.
 *
 * <p>With {@link Depth#ALL} a name that is no key is listed, so that somebody finds it; a hidden folder is left alone
 * ({@code .snapshot} of a file server holds the registry's whole past), and so is a foreign one that this process may not read
 * ({@code lost+found}). A symbolic link is listed as a name there, and refused with {@link Depth#ONE}, which can't say what it is.
 *
 * <p>A listing comes to every folder, those included in which nothing is created any more: so it sweeps the left-overs it sees.
 */
final class ObjectListing {
    private final ObjectTree tree;
    private final FileOperations files;
    private final StoreClock clock;
    private final StaleTemporaries stale;
    private final Depth depth;
    private final String startAfter;
    private final int limit;
    private final List<String> page = new ArrayList<>();
    private boolean more;

    ObjectListing(
            ObjectTree tree,
            FileOperations files,
            StoreClock clock,
            StaleTemporaries stale,
            Depth depth,
            String startAfter,
            int limit) {
        this.tree = tree;
        this.files = files;
        this.clock = clock;
        this.stale = stale;
        this.depth = depth;
        this.startAfter = startAfter;
        this.limit = limit;
    }

    Listing below(String prefix) throws IOException {
        Optional<Path> folder = tree.findFolder(prefix);
        if (folder.isPresent()) {
            walk(folder.get(), prefix);
        }
        return new Listing(page, more);
    }

    /**
     * A name on the way to its place in the page.
     *
     * @param key the key that it would have; ends in {@code /} once it is known to be a folder
     */
    private record Child(String key, String name, Path path) implements Comparable<Child> {
        boolean isFolder() {
            return key.endsWith("/");
        }

        Child asFolder() {
            return new Child(key + "/", name, path);
        }

        @Override
        public int compareTo(Child other) {
            return key.compareTo(other.key);
        }
    }

    private void walk(Path folder, String prefix) throws IOException {
        PriorityQueue<Child> children = children(folder, prefix);
        while (!more && !children.isEmpty()) {
            Child child = children.remove();
            if (child.isFolder()) {
                enter(child);
                continue;
            }
            Optional<FileFacts> facts = tree.facts(child.path());
            if (facts.isPresent() && isPlainFolder(child.path(), facts.get())) {
                children.add(child.asFolder());
            } else if (facts.isPresent()) {
                list(child.key());
            }
        }
    }

    private PriorityQueue<Child> children(Path folder, String prefix) throws IOException {
        PriorityQueue<Child> children = new PriorityQueue<>();
        boolean[] leftOvers = new boolean[1];
        try {
            files.visitChildren(folder, path -> {
                String name = name(path);
                leftOvers[0] |= TemporaryNames.isOwn(name);
                boolean listed = depth == Depth.ALL ? !TemporaryNames.isPassing(name) : KeyGrammar.isSegment(name);
                if (listed && mayFollow(prefix + name)) {
                    children.add(new Child(prefix + name, name, path));
                }
                return Next.GO_ON;
            });
        } catch (NoSuchFileException e) {
            children.clear(); // removed since
        }
        if (leftOvers[0]) {
            stale.sweep(folder, clock.now());
        }
        return children;
    }

    private boolean mayFollow(String key) {
        String asFolder = key + "/";
        return asFolder.compareTo(startAfter) > 0 || startAfter.startsWith(asFolder);
    }

    private boolean isPlainFolder(Path path, FileFacts facts) throws IOException {
        return switch (facts.kind()) {
            case FILE -> false;
            case FOLDER -> !tree.isObject(path);
            case LINK, OTHER -> {
                if (depth == Depth.ONE) {
                    throw ObjectTree.refused(path, facts);
                }
                yield false;
            }
        };
    }

    private void list(String key) {
        if (key.compareTo(startAfter) <= 0) {
            return;
        } else if (page.size() == limit) {
            more = true;
        } else {
            page.add(key);
        }
    }

    private void enter(Child folder) throws IOException {
        if (depth == Depth.ONE) {
            if (folder.key().compareTo(startAfter) > 0 && holdsObject(folder.path())) {
                list(folder.key());
            }
        } else if (KeyGrammar.isSegment(folder.name())) {
            walk(folder.path(), folder.key());
        } else if (!folder.name().startsWith(".")) {
            try {
                walk(folder.path(), folder.key());
            } catch (AccessDeniedException e) {
                return;
            }
        }
    }

    private boolean holdsObject(Path folder) throws IOException {
        List<Path> folders = new ArrayList<>();
        try {
            if (files.visitChildren(folder, child -> firstObject(child, folders))) {
                return true;
            }
        } catch (NoSuchFileException e) {
            return false; // removed since
        }
        for (Path child : folders) {
            if (holdsObject(child)) {
                return true;
            }
        }
        return false;
    }

    private Next firstObject(Path child, List<Path> folders) throws IOException {
        Optional<FileFacts> facts = KeyGrammar.isSegment(name(child)) ? tree.facts(child) : Optional.empty();
        if (facts.isEmpty()) {
            return Next.GO_ON;
        }
        FileFacts.Kind kind = facts.get().kind();
        if (kind == FileFacts.Kind.FILE || (kind == FileFacts.Kind.FOLDER && tree.isObject(child))) {
            return Next.STOP;
        }
        if (kind == FileFacts.Kind.FOLDER) {
            folders.add(child);
        }
        return Next.GO_ON;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
