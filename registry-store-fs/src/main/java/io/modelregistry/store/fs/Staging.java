package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.store.fs.FileOperations.NewFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** Writes new content under a temporary name in the folder where it will get its key. */
final class Staging {
    private final FileOperations files;
    private final Host host;
    private final InheritedMode inheritedMode;
    private final StoreClock clock;
    private final Folders folders;

    private enum Flush {
        YES,
        NO
    }

    Staging(FileOperations files, Host host, InheritedMode inheritedMode, StoreClock clock, Folders folders) {
        this.files = files;
        this.host = host;
        this.inheritedMode = inheritedMode;
        this.clock = clock;
        this.folders = folders;
    }

    /** A durable file. */
    Staged file(Path folder, Content content) throws IOException {
        return write(TemporaryNames.in(folder, host), content, Flush.YES);
    }

    /** A file that a power cut may undo. */
    Staged volatileFile(Path folder, Content content) throws IOException {
        return write(TemporaryNames.in(folder, host), content, Flush.NO);
    }

    /** A durable folder that holds the content as a file. */
    Staged folder(Path folder, Content content) throws IOException {
        try (Staged file = file(folder, content)) {
            return intoFolder(file);
        }
    }

    /** Moves a staged file into a folder of its own. */
    Staged intoFolder(Staged file) throws IOException {
        Path top = TemporaryNames.in(ObjectTree.parent(file.top()), host);
        files.createFolder(top);
        Staged staged = new Staged(files, top, file.facts(), file.writtenAt(), file.writtenNanos());
        boolean done = false;
        try {
            inheritedMode.giveToFolder(top);
            files.rename(file.top(), top.resolve(ObjectTree.ENTRY));
            folders.sync(top);
            done = true;
            return staged;
        } finally {
            if (!done) {
                staged.close();
            }
        }
    }

    private Staged write(Path file, Content content, Flush flush) throws IOException {
        boolean done = false;
        try {
            long before = host.nanoTime();
            Instant writtenAt;
            long written;
            try (NewFile out = files.createFile(file)) {
                inheritedMode.giveToFile(file);
                content.writeTo(out);
                writtenAt = host.now();
                written = host.nanoTime();
                if (flush == Flush.YES) {
                    out.sync();
                }
            }
            FileFacts facts = files.facts(file);
            clock.observe(facts.modified(), before, written);
            done = true;
            return new Staged(files, file, facts, writtenAt, written);
        } finally {
            if (!done) {
                Staged.discard(files, file);
            }
        }
    }
}
