package io.modelregistry.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.testkit.ManualHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class StartingLineTest {
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final ManualHost host = new ManualHost();
    private final AtomicInteger begun = new AtomicInteger();

    private Thread started(StartingLine line, int task) {
        Thread thread = new Thread(() -> {
            line.await(task);
            begun.incrementAndGet();
        });
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        return thread;
    }

    private Duration waited() {
        return Duration.ofNanos(host.nanoTime());
    }

    @Test
    void othersWaitForTheStarterWhoWaitsForNobodyElse() throws InterruptedException {
        List<Thread> others = new ArrayList<>();
        try (StartingLine line = new StartingLine(host, 3)) {
            others.add(started(line, 0));
            others.add(started(line, 1));
            assertThat(begun).hasValue(0);

            line.await(2);

            assertThat(waited()).isZero();
            for (Thread other : others) {
                other.join();
            }
        }
        assertThat(begun).hasValue(2);
    }

    @Test
    void theStarterWaitsForThreadsThatAreMissingButNotForLong() {
        try (StartingLine line = new StartingLine(host, 3)) {
            started(line, 0);

            line.await(2);

            assertThat(waited()).isEqualTo(PATIENCE);
        }
    }

    @Test
    void anExecutorThatRunsTasksOnTheStarterHasNobodyWait() {
        try (StartingLine line = new StartingLine(host, 3)) {
            line.await(0);
            line.await(1);
            assertThat(started(line, 1).isAlive()).isFalse();
        }
        assertThat(waited()).isZero();
    }

    @Test
    void anInterruptEndsTheWaitingAndStaysSet() {
        try (StartingLine line = new StartingLine(host, 3)) {
            Thread.currentThread().interrupt();

            line.await(2);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(started(line, 0).isAlive()).isFalse();
        }
    }

    @Test
    void whoNeverStartsHoldsNobodyBackOnceTheLineIsClosed() throws InterruptedException {
        Thread other;
        try (StartingLine line = new StartingLine(host, 2)) {
            other = started(line, 0);
        }

        other.join();

        assertThat(begun).hasValue(1);
    }
}
