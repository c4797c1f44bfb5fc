package io.modelregistry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ManualHostTest {
    private final ManualHost host = new ManualHost();

    @Test
    void timeStandsStillUntilItIsMoved() {
        long began = host.nanoTime();
        assertThat(host.now()).isEqualTo(ManualHost.START);

        host.advance(Duration.ofSeconds(90));

        assertThat(host.now()).isEqualTo(ManualHost.START.plusSeconds(90));
        assertThat(host.nanoTime() - began).isEqualTo(90_000_000_000L);
    }

    @Test
    void theMonotonicClockOverflows() {
        long began = host.nanoTime();

        host.advance(Duration.ofMinutes(5));

        assertThat(began).isPositive();
        assertThat(host.nanoTime()).isNegative();
    }

    @Test
    void waitingMovesTheTimeAtOnce() throws InterruptedException {
        host.pause(Duration.ofHours(1));
        host.pause(Duration.ofHours(-1));

        assertThat(host.now()).isEqualTo(ManualHost.START.plusSeconds(3_600));
    }

    @Test
    void anInterruptedThreadDoesNotWait() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> host.pause(Duration.ofHours(1))).isInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).isFalse();
        assertThat(host.now()).isEqualTo(ManualHost.START);
    }

    @Test
    void timeDoesNotGoBackButAWallClockMay() {
        assertThatThrownBy(() -> host.advance(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);

        long before = host.nanoTime();
        host.turnWallClock(Duration.ofDays(-365));

        assertThat(host.now()).isEqualTo(ManualHost.START.minus(Duration.ofDays(365)));
        assertThat(host.nanoTime()).isEqualTo(before);
    }

    @Test
    void twoHostsShareTheClockAndNothingElse() {
        ManualHost other = host.another(Duration.ofMinutes(5));

        other.advance(Duration.ofSeconds(1));
        host.turnWallClock(Duration.ofDays(1));

        assertThat(host.nanoTime()).isEqualTo(other.nanoTime());
        assertThat(other.now()).isEqualTo(ManualHost.START.plusSeconds(301));
        assertThat(host.newId()).isNotEqualTo(other.newId());
        assertThat(host.random()).isNotEqualTo(other.random());
    }

    @Test
    void identitiesCountUpAndHave32HexDigits() {
        assertThat(host.newId()).isEqualTo("00000001000000000000000000000001");
        assertThat(host.newId()).isEqualTo("00000001000000000000000000000002");
        assertThat(host.another(Duration.ZERO).newId()).isEqualTo("00000002000000000000000000000001");
    }

    @Test
    void whatIsDueIsCountedAndRunsWhenTimePassesByNothing() {
        List<String> ran = new ArrayList<>();
        ManualHost other = host.another(Duration.ZERO);
        other.schedule(Duration.ofSeconds(1), () -> ran.add("soon"));
        other.schedule(Duration.ofSeconds(9), () -> ran.add("later"));

        host.advance(Duration.ofSeconds(1));

        assertThat(other.dueTasks()).isEqualTo(1);
        assertThat(ran).isEmpty();
        other.advance(Duration.ZERO);
        assertThat(other.dueTasks()).isZero();
        assertThat(ran).containsExactly("soon");
    }

    @Test
    void chanceRepeatsItself() {
        ManualHost again = new ManualHost();
        for (int i = 0; i < 100; i++) {
            double random = host.random();
            assertThat(random).isEqualTo(again.random()).isBetween(0.0, 0.9999999999999999);
        }
    }

    @Test
    void workRunsOnTheThreadThatSubmitsItUnlessAnExecutorIsGiven() {
        List<Thread> threads = new ArrayList<>();
        List<Runnable> submitted = new ArrayList<>();

        host.executor().execute(() -> threads.add(Thread.currentThread()));
        new ManualHost(submitted::add).executor().execute(() -> threads.add(Thread.currentThread()));

        assertThat(threads).containsExactly(Thread.currentThread());
        assertThat(submitted).hasSize(1);
    }
}
