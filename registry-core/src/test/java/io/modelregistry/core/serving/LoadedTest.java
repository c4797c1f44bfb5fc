package io.modelregistry.core.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.VersionId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadedTest {
    private final List<Loaded<String>> closed = new ArrayList<>();
    private final Loaded<String> loaded =
            new Loaded<>(new FakeSource().version(new VersionId(FakeSource.MODEL, 1)), "model", closed::add);

    @Test
    void itIsClosedByTheLastOfThoseWhoHoldIt() {
        boolean taken = loaded.take();

        loaded.letGo();
        List<Loaded<String>> tooEarly = List.copyOf(closed);
        loaded.letGo();

        assertThat(taken).isTrue();
        assertThat(tooEarly).isEmpty();
        assertThat(closed).containsExactly(loaded);
    }

    @Test
    void whoComesTooLateDoesNotGetItHoweverManyTheyAre() {
        loaded.letGo();

        for (int i = 0; i < 1_000; i++) {
            assertThat(loaded.take()).isFalse();
        }

        assertThat(loaded.holders()).isZero();
        assertThat(closed).containsExactly(loaded);
    }
}
