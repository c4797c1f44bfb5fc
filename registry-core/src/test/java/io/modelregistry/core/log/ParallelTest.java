package io.modelregistry.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.StoreUnavailableException;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Tasks side by side on any executor, and without one. */
final class ParallelTest {
    private static final Executor FULL = task -> {
        throw new RejectedExecutionException("full");
    };

    private final List<String> done = new ArrayList<>();

    @Test
    void theResultsComeInTheOrderOfTheTasksWhoeverRanThem() {
        Queue<Runnable> neverRun = new ArrayDeque<>();

        for (Executor executor : List.<Executor>of(Runnable::run, FULL, neverRun::add)) {
            assertThat(on(executor).call(List.of(task("a"), task("b"), task("c"))))
                    .containsExactly("a", "b", "c");
        }

        assertThat(on(FULL).call(List.of())).isEmpty();
    }

    @Test
    void theLastTaskIsLeftToTheCaller() {
        Queue<Runnable> handedOver = new ArrayDeque<>();

        on(handedOver::add).call(List.of(task("a"), task("b"), task("c")));

        assertThat(handedOver).hasSize(2);
        assertThat(done).containsExactly("c", "b", "a");
    }

    @Test
    void allAreWaitedForAndTheFirstFailureInTheirOrderIsThrown() {
        List<Callable<String>> tasks = List.of(
                task("a"),
                failing(new IllegalArgumentException("b")),
                failing(new IllegalStateException("c")),
                task("d"));

        assertThatThrownBy(() -> on(Runnable::run).call(tasks))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("b");

        assertThat(done).containsExactly("a", "d");
    }

    @Test
    void aCheckedExceptionIsWrappedAndAnErrorIsNot() {
        IOException checked = new IOException("checked");
        AssertionError error = new AssertionError("error");

        assertThatThrownBy(() -> on(FULL).call(List.of(failing(checked))))
                .isInstanceOf(IllegalStateException.class)
                .hasCause(checked);
        assertThatThrownBy(() -> on(FULL).call(List.of(failing(error)))).isSameAs(error);
    }

    @Test
    void anInterruptEndsTheWaitingAndStopsWhatIsStillRunning() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Callable<String> endless = () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                stopped.countDown();
            }
            return "never";
        };
        Callable<String> interrupting = () -> {
            begun.await();
            Thread.currentThread().interrupt();
            return "last";
        };
        Executor threads = task -> new Thread(task).start();

        try {
            assertThatThrownBy(() -> on(threads).call(List.of(endless, interrupting)))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessage("Interrupted; nothing was written");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        stopped.await();
    }

    private static Parallel on(Executor executor) {
        return new Parallel(new ManualHost(executor));
    }

    private Callable<String> task(String name) {
        return () -> {
            done.add(name);
            return name;
        };
    }

    private static Callable<String> failing(Throwable failure) {
        return () -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        };
    }
}
