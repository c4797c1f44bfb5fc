package io.modelregistry.core.artifact;

import static io.modelregistry.core.artifact.ArtifactRig.MODEL;
import static io.modelregistry.core.artifact.ArtifactRig.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.Progress;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More than an {@code int} counts, and more files than fit anywhere but a list. */
@Timeout(300)
class LargeArtifactTest {
    private static final int FILES = 100_000;

    @TempDir
    Path folder;

    @Test
    void aFileOfMoreThanTwoGigabytesGoesUpAndComesDownAcrossABreakBeyondThem() throws IOException {
        long size = (1L << 31) + 1_234;
        Path file = folder.resolve("weights.bin");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(size);
        }
        ArtifactRig rig = new ArtifactRig(folder.resolve("cache"));
        ZerosStore zeros = new ZerosStore(size);
        Artifacts artifacts = rig.another(zeros.backend());
        List<Progress.Event> events = new ArrayList<>();

        PreparedArtifact prepared = artifacts.prepare(Registration.of(file).progress(events::add));

        assertThat(prepared.artifact().sizeBytes()).isEqualTo(size);
        assertThat(events).hasSizeLessThan(110).endsWith(new Progress.Event(Progress.Phase.HASH, null, size, size));
        assertThat(artifacts.verifyBlob(
                        MODEL, prepared.artifact().files().get(0).digest(), size))
                .isEqualTo(size);
        assertThat(zeros.offsets).containsExactly(0L, ZerosStore.BREAK);
    }

    /** A store whose one blob is all zeros, and whose first stream breaks beyond two gigabytes. */
    private static final class ZerosStore {
        static final long BREAK = (1L << 31) + 17;

        final List<Long> offsets = new ArrayList<>();
        private final long size;

        ZerosStore(long size) {
            this.size = size;
        }

        StorageBackend backend() {
            return (StorageBackend) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {StorageBackend.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "location" -> "zeros:";
                        case "stat" -> Optional.of(new ObjectInfo(size, null, ManualHost.START, new Generation("1")));
                        case "read" -> open((Long) arguments[1]);
                        case "upload" -> send((BlobSource) arguments[1]);
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        private static CreateOutcome send(BlobSource source) {
            try (InputStream in = source.open()) {
                in.transferTo(OutputStream.nullOutputStream());
                return CreateOutcome.CREATED;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private InputStream open(long from) {
            offsets.add(from);
            long end = offsets.size() == 1 ? BREAK : size;
            return new InputStream() {
                private long position = from;

                @Override
                public int read() {
                    return position++ < end ? 0 : -1;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) {
                    int n = (int) Math.min(length, end - position);
                    position += n;
                    return n == 0 ? -1 : n;
                }
            };
        }
    }

    @Test
    void aHundredThousandFilesAreRegisteredWithProgressAndListedFromTheManifest() throws IOException {
        Configuration smallBlocks =
                Configuration.unix().toBuilder().setBlockSize(32).build();
        try (FileSystem disk = Jimfs.newFileSystem(smallBlocks)) {
            ArtifactRig rig = new ArtifactRig(folder.resolve("cache"));
            List<Progress.Event> events = new ArrayList<>();
            Registration registration =
                    Registration.of(write(disk.getPath("/source"), FILES)).progress(events::add);

            PreparedArtifact prepared = rig.artifacts.prepare(registration);
            rig.artifacts.upload(MODEL, prepared, Set.of(), List.of());

            assertThat(prepared.artifact().fileCount()).isEqualTo(FILES);
            assertThat(prepared.artifact().files()).isEmpty();
            assertThat(rig.memory.keys()).hasSize(FILES + 1);
            assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.UPLOAD, FILES + 1));
            assertThat(events).hasSizeBetween(150, 210);
            assertThat(rig.artifacts.files(MODEL, prepared.artifact())).hasSize(FILES);
        }
    }

    @Test
    void manyFilesOnDiskComeBackFromTheCache() throws IOException {
        int files = 3_000;
        Path source = write(folder.resolve("source"), files);
        ArtifactRig rig = new ArtifactRig(folder.resolve("cache"));

        Path cached = rig.download(rig.register(Registration.of(source)));

        assertThat(cached.resolve("shard-49/part-2999.bin")).hasContent("content 2999");
        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.READ, files + 1));
    }

    private static Path write(Path source, int files) throws IOException {
        for (int i = 0; i < files; i++) {
            Path shard = source.resolve("shard-" + i % 50);
            if (i < 50) {
                Files.createDirectories(shard);
            }
            Files.write(shard.resolve("part-" + i + ".bin"), bytes("content " + i));
        }
        return source;
    }
}
