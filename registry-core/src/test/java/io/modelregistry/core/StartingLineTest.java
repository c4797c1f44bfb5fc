package io.modelregistry.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class StartingLineTest {
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

    @Test
    void othersWaitForTheStarterWhoWaitsForNobodyElse() throws InterruptedException {
        List<Thread> others = new ArrayList<>();
        try (StartingLine line = new StartingLine(3)) {
            others.add(started(line, 0));
            others.add(started(line, 1));
            assertThat(begun).hasValue(0);

            line.await(2);

            for (Thread other : others) {
                other.join();
            }
        }
        assertThat(begun).hasValue(2);
    }

    @Test
    void theStarterWaitsForThreadsThatAreMissingButNotForLong() throws InterruptedException {
        try (StartingLine line = new StartingLine(3)) {
            Thread other = started(line, 0);

            line.await(2);

            other.join();
            assertThat(begun).hasValue(1);
        }
    }

    @Test
    void anExecutorThatRunsTasksOnTheStarterHasNobodyWait() {
        try (StartingLine line = new StartingLine(3)) {
            line.await(0);
            line.await(1);
            assertThat(started(line, 1).isAlive()).isFalse();
        }
    }

    @Test
    void anInterruptEndsTheWaitingAndStaysSet() {
        try (StartingLine line = new StartingLine(3)) {
            Thread.currentThread().interrupt();

            line.await(2);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(started(line, 0).isAlive()).isFalse();
        }
    }

    @Test
    void whoNeverStartsHoldsNobodyBackOnceTheLineIsClosed() throws InterruptedException {
        Thread other;
        try (StartingLine line = new StartingLine(2)) {
            other = started(line, 0);
        }

        other.join();

        assertThat(begun).hasValue(1);
    }
}
