package io.modelregistry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Host;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class RangedStreamTest {
    /** Enough of the first range for the next ones to be fetched. */
    private static final int RANGE = 64 << 10;

    private static final byte[] CONTENT = new byte[20 * RANGE + 17];

    static {
        new SplittableRandom(3).nextBytes(CONTENT);
    }

    /** What was asked for, by the number of the range. */
    private final List<Integer> fetched = Collections.synchronizedList(new ArrayList<>());

    private final Queue<Runnable> queue = new ArrayDeque<>();

    private record OnExecutor(Host real, Executor executor) implements Host {
        @Override
        public Instant now() {
            return real.now();
        }

        @Override
        public long nanoTime() {
            return real.nanoTime();
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            real.pause(duration);
        }

        @Override
        public String newId() {
            return real.newId();
        }

        @Override
        public double random() {
            return real.random();
        }

        @Override
        public Scheduled schedule(Duration delay, Runnable task) {
            return real.schedule(delay, task);
        }
    }

    private byte[] range(long offset, int length) {
        fetched.add((int) (offset / RANGE));
        return Arrays.copyOfRange(CONTENT, (int) offset, (int) offset + length);
    }

    private RangedStream open(int parallelism, Executor executor, RangedStream.Fetch fetch) {
        return new RangedStream(
                new ByteArrayInputStream(CONTENT, 0, RANGE),
                RANGE,
                CONTENT.length,
                new RangedStream.Limits(RANGE, parallelism),
                new OnExecutor(Host.system(), executor),
                fetch);
    }

    private void runWhatIsQueued() {
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            task.run();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void theBytesOfAllRangesComeInTheirOrder(int parallelism) throws IOException {
        try (InputStream in = open(parallelism, Host.system().executor(), this::range)) {

            byte[] read = in.readAllBytes();

            assertThat(read).isEqualTo(CONTENT);
            assertThat(fetched).doesNotHaveDuplicates().hasSize(20);
        }
    }

    @Test
    void anyExecutorWillDo() throws IOException {
        Executor refusing = task -> {
            throw new RejectedExecutionException("shut down");
        };
        for (Executor executor : List.<Executor>of(Runnable::run, queue::add, refusing)) {
            fetched.clear();
            try (InputStream in = open(3, executor, this::range)) {

                byte[] read = in.readAllBytes();

                assertThat(read).isEqualTo(CONTENT);
                assertThat(fetched).doesNotHaveDuplicates().hasSize(20);
            }
        }
    }

    @Test
    void whoReadsLittleFetchesNothingAhead() throws IOException {
        try (InputStream in = open(3, queue::add, this::range)) {

            assertThat(in.readNBytes(RANGE - 1)).hasSize(RANGE - 1);

            assertThat(queue).isEmpty();
        }
    }

    @Test
    void noMoreRangesAreInMemoryThanTwiceAsManyAsAreFetchedAtOnce() throws IOException {
        try (InputStream in = open(3, queue::add, this::range)) {

            assertThat(in.readNBytes(RANGE)).hasSize(RANGE);
            assertThat(queue).hasSize(3);
            runWhatIsQueued();

            assertThat(fetched).containsExactly(1, 2, 3, 4, 5);
            assertThat(in.read()).isEqualTo(CONTENT[RANGE] & 0xff);
            runWhatIsQueued();
            assertThat(fetched).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void noMoreRangesAreFetchedAtOnceThanAllowed() throws IOException {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        RangedStream.Fetch counting = (offset, length) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            three.countDown();
            assertThat(awaited(three)).isTrue();
            byte[] bytes = range(offset, length);
            now.decrementAndGet();
            return bytes;
        };
        try (InputStream in = open(3, Host.system().executor(), counting)) {

            assertThat(in.readAllBytes()).isEqualTo(CONTENT);

            assertThat(most).hasValue(3);
        }
    }

    @Test
    void aRangeThatIsLateHoldsUpNoOther() throws IOException {
        CountDownLatch others = new CountDownLatch(5);
        AtomicBoolean overtaken = new AtomicBoolean();
        RangedStream.Fetch firstIsLate = (offset, length) -> {
            if (offset == RANGE) {
                overtaken.set(awaited(others));
            }
            byte[] bytes = range(offset, length);
            others.countDown();
            return bytes;
        };
        try (InputStream in = open(3, Host.system().executor(), firstIsLate)) {

            assertThat(in.readAllBytes()).isEqualTo(CONTENT);

            assertThat(overtaken).isTrue();
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aRangeThatFailsBreaksTheStreamWhereItBegins() throws IOException {
        RangedStream.Fetch thirdFails = (offset, length) -> {
            if (offset == 3 * RANGE) {
                throw new EOFException("the connection ended");
            }
            return range(offset, length);
        };
        try (InputStream in = open(2, Runnable::run, thirdFails)) {

            assertThat(in.readNBytes(3 * RANGE)).isEqualTo(Arrays.copyOf(CONTENT, 3 * RANGE));

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(in::read)
                        .isInstanceOf(IOException.class)
                        .hasMessage("the connection ended")
                        .hasRootCauseInstanceOf(EOFException.class);
            }
            assertThat(fetched).doesNotContain(4);
        }
    }

    @Test
    void anErrorIsPassedOnAndBreaksTheStreamToo() throws IOException {
        RangedStream.Fetch broken = (offset, length) -> {
            throw new OutOfMemoryError("no room for a range");
        };
        try (InputStream in = open(2, Host.system().executor(), broken)) {

            assertThatThrownBy(in::readAllBytes).isInstanceOf(OutOfMemoryError.class);

            assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessage("no room for a range");
        }
    }

    @Test
    void aClosedStreamFetchesNothingMore() throws IOException {
        InputStream in = open(3, queue::add, this::range);
        assertThat(in.readNBytes(RANGE)).hasSize(RANGE);

        in.close();
        runWhatIsQueued();

        assertThat(fetched).isEmpty();
        assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessage("The stream is closed");
    }

    @Test
    void anInterruptEndsTheWaitingForARangeAndStaysSet() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        RangedStream.Fetch interrupting = (offset, length) -> {
            begun.countDown();
            awaited(never);
            return range(offset, length);
        };
        Executor another = task -> {
            Thread thread = new Thread(task, "fetches");
            thread.setDaemon(true);
            thread.start();
            assertThat(awaited(begun)).isTrue();
            Thread.currentThread().interrupt();
        };
        try (InputStream in = open(1, another, interrupting)) {

            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasMessage("Interrupted while it waited for a range");

            assertThat(Thread.interrupted()).isTrue();
        } finally {
            never.countDown();
        }
    }

    /** Where it did, reading a large blob while all threads of the host are busy would end in want of memory. */
    @Test
    void anExecutorThatComesToNothingKeepsNoBytes() throws IOException {
        List<WeakReference<byte[]>> given = new ArrayList<>();
        RangedStream.Fetch remembering = (offset, length) -> {
            byte[] bytes = range(offset, length);
            given.add(new WeakReference<>(bytes));
            return bytes;
        };
        try (InputStream in = open(1, queue::add, remembering)) {

            assertThat(in.readNBytes(CONTENT.length)).hasSize(CONTENT.length);
            System.gc();

            assertThat(queue).hasSize(20);
            assertThat(given).hasSize(20);
            assertThat(given).filteredOn(each -> each.get() != null).hasSizeLessThanOrEqualTo(1);
        }
    }
}
