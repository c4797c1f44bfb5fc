package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.core.log.Parallel;
import io.modelregistry.version.Progress;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/** Reads the files of a registration once, side by side. Thread-safe. */
final class Preparation {
    private static final int BUFFER_BYTES = 128 * 1024;

    private final Parallel parallel;

    Preparation(Parallel parallel) {
        this.parallel = parallel;
    }

    PreparedArtifact prepare(Registration registration) {
        List<SourceFile> sources = SourceFiles.of(registration);
        long total = sources.stream().mapToLong(SourceFile::sizeBytes).sum();
        ProgressMeter meter = new ProgressMeter(registration.progress(), Progress.Phase.HASH, total);
        List<HashedFile> hashed = Batch.run(
                parallel,
                "Interrupted while hashing the files to register; nothing was registered",
                sources.stream()
                        .<Supplier<HashedFile>>map(source -> () -> hash(source, meter))
                        .toList());
        meter.finish();
        return PreparedArtifact.of(hashed, registration.progress());
    }

    private static HashedFile hash(SourceFile source, ProgressMeter meter) {
        MessageDigest sha256 = Digest.newSha256();
        CRC32C crc32c = new CRC32C();
        byte[] buffer = new byte[bufferSize(source.sizeBytes())];
        byte[] head = new byte[0];
        long size = 0;
        try (InputStream in = source.open()) {
            for (int n = in.readNBytes(buffer, 0, buffer.length); n > 0; n = in.readNBytes(buffer, 0, buffer.length)) {
                Batch.checkNotInterrupted("hashing " + source.place());
                sha256.update(buffer, 0, n);
                crc32c.update(buffer, 0, n);
                if (size == 0) {
                    head = Arrays.copyOf(buffer, Math.min(n, FormatDetector.HEAD_BYTES));
                }
                size += n;
                meter.add(source.path().value(), n);
            }
            return new HashedFile(
                    source,
                    size,
                    Digest.ofHash(sha256.digest()),
                    HexFormat.of().toHexDigits((int) crc32c.getValue()),
                    FormatDetector.detect(new FileSample(source, size, head)));
        } catch (IOException e) {
            Batch.checkNotInterrupted("hashing " + source.place());
            throw new InvalidRequestException(
                    "The file " + source.place() + " can't be read: " + e + ". Nothing was registered", e);
        }
    }

    static String crc32c(byte[] content) {
        CRC32C crc32c = new CRC32C();
        crc32c.update(content, 0, content.length);
        return HexFormat.of().toHexDigits((int) crc32c.getValue());
    }

    /**
     * Many small files shouldn't each cost a large buffer. One more byte than the file has, so that its end is seen at
     * once.
     */
    private static int bufferSize(long sizeBytes) {
        return (int) Math.max(FormatDetector.HEAD_BYTES, Math.min(BUFFER_BYTES, sizeBytes + 1));
    }
}
