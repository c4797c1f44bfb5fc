package io.modelregistry.benchmarks;

import io.modelregistry.store.s3.S3Settings;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Transfers in parts with the SDK and a pool of threads, and nothing else. */
final class BareS3 implements AutoCloseable {
    private final S3Client client;
    private final String bucket;
    private final int partBytes;
    private final ExecutorService threads;

    BareS3(S3Client client, String bucket, S3Settings settings) {
        this.client = client;
        this.bucket = bucket;
        this.partBytes = settings.partBytes();
        this.threads = Executors.newFixedThreadPool(settings.parallelism());
    }

    String upload(String key, byte[] content) throws Exception {
        String upload = client.createMultipartUpload(begin -> begin.bucket(bucket)
                        .key(key)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)
                        .checksumType(ChecksumType.FULL_OBJECT))
                .uploadId();
        List<Callable<CompletedPart>> parts = new ArrayList<>();
        for (int from = 0; from < content.length; from += partBytes) {
            int offset = from;
            int number = parts.size() + 1;
            parts.add(() -> part(key, upload, number, content, offset));
        }
        List<CompletedPart> sent = all(parts);
        return client.completeMultipartUpload(complete ->
                        complete.bucket(bucket).key(key).uploadId(upload).multipartUpload(of -> of.parts(sent)))
                .eTag();
    }

    private CompletedPart part(String key, String upload, int number, byte[] content, int offset) {
        byte[] bytes = Arrays.copyOfRange(content, offset, Math.min(offset + partBytes, content.length));
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        String crc32c = Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) checksum.getValue())
                        .array());
        UploadPartResponse answer = client.uploadPart(
                part -> part.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(number)
                        .checksumCRC32C(crc32c),
                RequestBody.fromBytes(bytes));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(answer.eTag())
                .checksumCRC32C(crc32c)
                .build();
    }

    long download(String key, long sizeBytes) throws Exception {
        List<Callable<Long>> ranges = new ArrayList<>();
        for (long from = 0; from < sizeBytes; from += partBytes) {
            long offset = from;
            ranges.add(() -> (long) range(key, offset, sizeBytes).length);
        }
        long bytes = 0;
        for (long each : all(ranges)) {
            bytes += each;
        }
        return bytes;
    }

    /** Writes the ranges to their places in a file and returns the SHA-256 of all; what came before its turn waits in memory, however much it is. */
    String fetch(String key, long sizeBytes, Path file) throws Exception {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            List<Future<byte[]>> ranges = new ArrayList<>();
            for (long from = 0; from < sizeBytes; from += partBytes) {
                long offset = from;
                ranges.add(threads.submit(() -> {
                    byte[] bytes = range(key, offset, sizeBytes);
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    while (buffer.hasRemaining()) {
                        out.write(buffer, offset + buffer.position());
                    }
                    return bytes;
                }));
            }
            for (Future<byte[]> each : ranges) {
                sha256.update(each.get());
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** As one would write it for speed: {@code getObjectAsBytes} lets an array grow, which takes half as much processor time again. */
    private byte[] range(String key, long from, long sizeBytes) throws IOException {
        byte[] bytes = new byte[(int) Math.min(partBytes, sizeBytes - from)];
        String range = "bytes=" + from + "-" + (from + bytes.length - 1);
        try (InputStream in =
                client.getObject(get -> get.bucket(bucket).key(key).range(range))) {
            if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                throw new EOFException(range + " of " + key);
            }
        }
        return bytes;
    }

    private <T> List<T> all(List<Callable<T>> tasks) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> each : threads.invokeAll(tasks)) {
            results.add(each.get());
        }
        return results;
    }

    void delete(String key) {
        client.deleteObject(delete -> delete.bucket(bucket).key(key));
    }

    void deleteBelow(String prefix) {
        client.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
                .contents()
                .forEach(each -> delete(each.key()));
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
