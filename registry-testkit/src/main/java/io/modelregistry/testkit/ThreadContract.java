package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.contentOf;
import static io.modelregistry.testkit.ContractFixture.infoOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
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
        StorageBackend client = client(new HostWithoutThreads(host()));
        client.create("a", SampleContent.text("content"));
        SampleBlob blob = SampleBlob.of(1, 20L << 20);
        client.upload("blobs/a", blob);

        for (Operation operation : Operation.values()) {
            SampleCalls.call(client, operation, "a", infoOf(client, "blobs/a").generation());
        }

        assertThat(contentOf(client, "a")).isEqualTo(SampleCalls.CONTENT);
        assertThat(infoOf(client, "blobs/a").sizeBytes()).isEqualTo(blob.sizeBytes());
    }

    /** A host that has no thread to give. */
    record HostWithoutThreads(Host host) implements Host {
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
        public Executor executor() {
            return task -> {
                throw new RejectedExecutionException("A call of a backend runs on the calling thread");
            };
        }
    }
}
