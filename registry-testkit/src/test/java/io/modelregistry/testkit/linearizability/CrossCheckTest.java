package io.modelregistry.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The small checker against the definition: on every random history both must come to the same verdict. */
class CrossCheckTest {
    private static final int HISTORIES = 20_000;

    private int right;
    private int wrong;
    private int spoiltAndRight;

    @Test
    void theCheckAgreesWithTheDefinitionOnRandomHistories() {
        compare(1, HISTORIES);

        assertNeitherVerdictIsRare();
    }

    @Test
    @Tag("proof")
    void theCheckAgreesWithTheDefinitionForAsLongAsOneLikes() {
        long end = System.nanoTime() + Integer.getInteger("proof.seconds", 5) * 1_000_000_000L;
        for (long seed = 2; System.nanoTime() < end; seed++) {
            compare(seed, HISTORIES);
        }

        assertNeitherVerdictIsRare();
        System.out.println("proof: linearizability: the check agrees with the definition on " + (right + wrong)
                + " short histories, " + right + " right (" + spoiltAndRight + " of them although spoilt), " + wrong
                + " wrong");
    }

    private void compare(long seed, int histories) {
        Random random = new Random(seed);
        for (int i = 0; i < histories; i++) {
            RandomHistory history = new RandomHistory(random);
            int spoilt = random.nextInt(3);
            for (int n = 0; n < spoilt; n++) {
                history.spoil();
            }
            boolean expected = AppendOnlySearch.isLinearizable(history.operations, history.stream);

            var violations = StreamLinearizability.check(history.operations, history.stream);

            assertThat(violations.isEmpty())
                    .as(
                            "seed %s, history %s: %s%nstream %s%n%s",
                            seed, i, history.operations, history.stream, violations)
                    .isEqualTo(expected);
            assertThat(expected || spoilt > 0)
                    .as("a register's own history is right")
                    .isTrue();
            right += expected ? 1 : 0;
            wrong += expected ? 0 : 1;
            spoiltAndRight += expected && spoilt > 0 ? 1 : 0;
        }
    }

    private void assertNeitherVerdictIsRare() {
        int all = right + wrong;
        assertThat(right).isGreaterThan(all / 4);
        assertThat(wrong).isGreaterThan(all / 4);
        assertThat(spoiltAndRight).isGreaterThan(all / 20);
    }
}
