package io.modelregistry.core.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.core.json.Json;
import io.modelregistry.environment.Rollout;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a rollback can look back on. */
final class ServedTest {
    @Test
    void eachEarlierRolloutIsKeptOnceWhateverTheStateSaid() {
        Served served = served(1, 1, 2, 3);

        assertThat(served.after(Rollout.of(4))).containsExactly(Rollout.of(1), Rollout.of(2), Rollout.of(3));
        assertThat(served.after(Rollout.of(2))).containsExactly(Rollout.of(1), Rollout.of(3));
        assertThat(served.after(null)).containsExactly(Rollout.of(1), Rollout.of(2), Rollout.of(3));
    }

    @Test
    void withTheCurrentOneSixteenAreKept() {
        Served served = served(20, LongStream.rangeClosed(1, 15).toArray());

        assertThat(served.after(Rollout.of(21)))
                .hasSize(15)
                .startsWith(Rollout.of(20), Rollout.of(1))
                .endsWith(Rollout.of(14));
    }

    private static Served served(long current, long... recent) {
        List<Rollout> earlier = LongStream.of(recent).mapToObj(Rollout::of).toList();
        return new Served(Rollout.of(current), earlier, Json.Obj.EMPTY);
    }
}
