package io.modelregistry.core.artifact;

import io.modelregistry.Host;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.RegistryOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small files of the cache in one folder, shared by processes. A file appears whole, by one rename, or not at all; its reader has to verify what it says.
 * Nothing depends on them while the store answers: what can't be written or read is logged and missing. Thread-safe.
 */
public final class KeptFiles {
    private static final Logger LOG = LoggerFactory.getLogger(KeptFiles.class);
    private static final int MOST_BYTES = 2 << 20;
    private static final int MOST_FILES = 4_096;
    private static final int WRITES_BETWEEN_SWEEPS = 256;
    private static final Duration TEMP_AGE = Duration.ofHours(24);
    private static final String TEMP = ".partial";

    private final Host host;
    private final CacheTrust trust;
    /** From the outermost inwards. */
    private final List<Path> folders;

    private final Path folder;
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    private KeptFiles(Host host, Path base, List<Path> folders) {
        this.host = host;
        this.trust = new CacheTrust(base);
        this.folders = folders;
        this.folder = folders.get(folders.size() - 1);
    }

    /** Files of one registry. */
    public static KeptFiles of(Host host, RegistryOptions options, String registryId) {
        CacheLocation location = CacheLocation.of(registryId, options.cacheFolder());
        return new KeptFiles(
                host,
                location.base(),
                List.of(
                        location.base(),
                        location.registry(),
                        location.registry().resolve("kept")));
    }

    /** Files that say which registry stands where. */
    public static KeptFiles ofAllRegistries(Host host, RegistryOptions options) {
        Path base = CacheLocation.of("any", options.cacheFolder()).base();
        return new KeptFiles(host, base, List.of(base, base.resolve("locations")));
    }

    /** A file's content; empty when there is none that this user may trust. */
    public Optional<byte[]> read(String name) {
        Path file = folder.resolve(name);
        try {
            BasicFileAttributes standing = FileContent.attributes(file);
            if (standing == null || !standing.isRegularFile() || standing.size() > MOST_BYTES) {
                return Optional.empty();
            }
            requireTrust();
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(in.readNBytes(MOST_BYTES));
            }
        } catch (IOException | InvalidRequestException e) {
            LOG.warn("What was kept in {} can't be used", file, e);
            return Optional.empty();
        }
    }

    /**
     * Puts a file into the place of what is there.
     *
     * @return whether it is there
     */
    public boolean write(String name, byte[] content) {
        try {
            make();
            Path temp = folder.resolve(name + "." + host.newId() + TEMP);
            try {
                Files.write(temp, content);
                CacheFolders.replace(temp, folder.resolve(name));
            } finally {
                Files.deleteIfExists(temp);
            }
            return true;
        } catch (IOException | InvalidRequestException e) {
            writes.set(0); // the next looks again whether the folders are there
            if (failures.getAndIncrement() == 0) {
                LOG.warn(
                        "What is served can't be kept in {}: a process that starts while the store is away won't know"
                                + " of it",
                        folder,
                        e);
            }
            return false;
        }
    }

    private void make() throws IOException {
        if (writes.getAndIncrement() % WRITES_BETWEEN_SWEEPS != 0) {
            return;
        }
        Files.createDirectories(folders.get(0), CacheFolders.privately(folders.get(0)));
        for (Path inner : folders.subList(1, folders.size())) {
            try {
                Files.createDirectory(inner, CacheFolders.privately(inner));
            } catch (FileAlreadyExistsException e) {
                // checked as if it were somebody else's
            }
        }
        requireTrust();
        sweep();
    }

    private void requireTrust() throws IOException {
        for (Path each : folders) {
            trust.requireSafe(each);
        }
        Path probe = probe();
        try {
            trust.requireOwner(probe, folders.subList(1, folders.size()));
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** A file made just now tells who we are, wherever we may make one. */
    private Path probe() throws IOException {
        String name = "model-registry." + host.newId() + TEMP;
        try {
            return Files.createFile(folder.resolve(name));
        } catch (IOException e) {
            return Files.createFile(
                    Path.of(System.getProperty("java.io.tmpdir", ".")).resolve(name));
        }
    }

    /** Removes what killed processes left behind, and beyond the limit what was written longest ago. */
    private void sweep() throws IOException {
        record Old(Path file, Instant time) {}
        Instant oldest = host.now().minus(TEMP_AGE);
        List<Old> kept = new ArrayList<>();
        for (Path file : FileTrees.children(folder)) {
            BasicFileAttributes attributes = FileContent.attributes(file);
            if (attributes == null) {
                continue;
            }
            Instant time = attributes.lastModifiedTime().toInstant();
            if (!file.getFileName().toString().endsWith(TEMP)) {
                kept.add(new Old(file, time));
            } else if (time.isBefore(oldest)) {
                FileTrees.delete(file);
            }
        }
        kept.sort(Comparator.comparing(Old::time));
        for (Old old : kept.subList(0, Math.max(0, kept.size() - MOST_FILES))) {
            FileTrees.delete(old.file());
        }
    }
}
