package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.contentOf;
import static io.modelregistry.testkit.ContractFixture.infoOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Which threads a backend uses. {@link InterruptContract} and {@link RaceContract} have more about threads. */
interface ThreadContract extends ContractFixture {

    @Test
    default void aSourceIsReadOnTheCallingThread() {
        SampleBlob blob = SampleBlob.of(1, 20L << 20);

        backend().upload("blobs/a", blob);

        assertThat(blob.readers).containsExactly(Thread.currentThread());
    }

    @Test
    default void everyOperationWorksWithoutThreadsOfTheHost() throws Exception {
        StorageBackend client = client(new HostWithThreads(host(), REFUSING));
        client.create("a", SampleContent.text("content"));
        SampleBlob blob = SampleBlob.of(1, 20L << 20);
        client.upload("blobs/a", blob);

        for (Operation operation : Operation.values()) {
            SampleCalls.call(client, operation, "a", infoOf(client, "blobs/a").generation());
        }

        assertThat(contentOf(client, "a")).isEqualTo(SampleCalls.CONTENT);
        assertThat(infoOf(client, "blobs/a").sizeBytes()).isEqualTo(blob.sizeBytes());
    }

    @Test
    default void aBlobComesAndGoesWhateverTheThreadsOfTheHostDoWithItsPieces() throws Exception {
        Executor oneAtATime = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        for (Executor executor : List.of(REFUSING, FORGETTING, Runnable::run, oneAtATime)) {
            StorageBackend client = client(new HostWithThreads(host(), executor));
            SampleBlob blob = SampleBlob.of(1, 20L << 20);
            String key = "blobs/" + host().newId();

            client.upload(key, blob);

            assertThat(blob.readers).containsExactly(Thread.currentThread());
            MessageDigest digest = SampleContent.sha256Digest();
            try (InputStream in = new DigestInputStream(client.read(key, 0, blob.sizeBytes()), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(blob.sha256());
        }
    }

    /** Has no thread to give. */
    Executor REFUSING = task -> {
        throw new RejectedExecutionException("There is no thread for this");
    };

    /** Is busy for ever. */
    Executor FORGETTING = task -> {};

    /** A host with other threads. */
    record HostWithThreads(Host host, Executor executor) implements Host {
        @Override
        public Instant now() {
            return host.now();
        }

        @Override
        public long nanoTime() {
            return host.nanoTime();
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            host.pause(duration);
        }

        @Override
        public String newId() {
            return host.newId();
        }

        @Override
        public double random() {
            return host.random();
        }

        @Override
        public Scheduled schedule(Duration delay, Runnable task) {
            return host.schedule(delay, task);
        }
    }
}
