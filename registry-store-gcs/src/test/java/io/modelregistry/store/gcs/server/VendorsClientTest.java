package io.modelregistry.store.gcs.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.NoCredentials;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The vendor's own client and the server understand each other, in the operations the backend itself doesn't use as well. */
final class VendorsClientTest {
    private final GcsServer server = GcsServer.start();
    private final Storage storage = StorageOptions.http()
            .setHost(server.uri().toString())
            .setProjectId("test")
            .setCredentials(NoCredentials.getInstance())
            .build()
            .getService();

    VendorsClientTest() {
        server.bucket("b");
    }

    @AfterEach
    void stop() throws Exception {
        storage.close();
        server.close();
    }

    private static BlobInfo info(String name) {
        return BlobInfo.newBuilder(BlobId.of("b", name)).build();
    }

    private static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new Random(size).nextBytes(noise);
        return noise;
    }

    @Test
    void whatItCreatesItReadsAndDeletes() {
        byte[] content = noise(100_000);

        Blob created = storage.create(info("a/x"), content, BlobTargetOption.doesNotExist());

        assertThat(storage.get("b").getName()).isEqualTo("b");
        assertThat(storage.readAllBytes("b", "a/x")).isEqualTo(content);
        assertThat(storage.get("b", "a/x").getCrc32c()).isEqualTo(created.getCrc32c());
        assertThatThrownBy(() -> storage.create(info("a/x"), content, BlobTargetOption.doesNotExist()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("pre-conditions");
        assertThat(storage.delete(created.getBlobId(), BlobSourceOption.generationMatch()))
                .isTrue();
        assertThat(storage.get("b", "a/x")).isNull();
    }

    @Test
    void itUploadsInChunksAndReadsRanges() throws Exception {
        byte[] content = noise((1 << 20) + 77);
        try (WriteChannel writer = storage.writer(info("x"), BlobWriteOption.doesNotExist())) {
            writer.setChunkSize(256 << 10);
            writer.write(ByteBuffer.wrap(content));
        }

        ByteBuffer part = ByteBuffer.allocate(1_000);
        try (var reader = storage.reader("b", "x")) {
            reader.seek(500_000);
            while (part.hasRemaining() && reader.read(part) >= 0) {
                // as long as there is something
            }
        }

        assertThat(storage.readAllBytes("b", "x")).isEqualTo(content);
        assertThat(part.array()).isEqualTo(Arrays.copyOfRange(content, 500_000, 501_000));
    }

    @Test
    void itListsPages() {
        for (String name : List.of("a/1", "a/2", "b", "c/d")) {
            storage.create(info(name), new byte[1]);
        }

        assertThat(storage.list("b", BlobListOption.pageSize(1)).streamAll().map(Blob::getName))
                .containsExactly("a/1", "a/2", "b", "c/d");
        assertThat(storage.list("b", BlobListOption.currentDirectory(), BlobListOption.startOffset("a/2"))
                        .streamAll()
                        .map(Blob::getName))
                .containsExactlyInAnyOrder("b", "a/", "c/");
    }

    @Test
    void oneOfManyConditionalCreatesWins() throws Exception {
        int racers = 16;
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        try {
            for (int round = 0; round < 20; round++) {
                String name = "race/" + round;
                CyclicBarrier start = new CyclicBarrier(racers);
                Set<Integer> winners = ConcurrentHashMap.newKeySet();
                List<Future<?>> all = new java.util.ArrayList<>();
                for (int racer = 0; racer < racers; racer++) {
                    int number = racer;
                    all.add(threads.submit(() -> {
                        start.await();
                        try {
                            storage.create(info(name), new byte[] {(byte) number}, BlobTargetOption.doesNotExist());
                            winners.add(number);
                        } catch (StorageException e) {
                            assertThat(e.getCode()).isEqualTo(412);
                        }
                        return null;
                    }));
                }
                for (Future<?> each : all) {
                    each.get();
                }
                assertThat(winners).hasSize(1);
                assertThat(storage.readAllBytes("b", name)[0])
                        .isEqualTo(winners.iterator().next().byteValue());
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
