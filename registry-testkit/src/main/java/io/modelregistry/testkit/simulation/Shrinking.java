package io.modelregistry.testkit.simulation;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Makes a failing sequence of choices shorter and its choices smaller, as long as it still fails. Zero is the quiet choice, so what remains is what
 * it takes. The method of Hypothesis (MacIver and Donaldson, "Test-Case Reduction via Test-Case Generation", ECOOP 2020), in its simplest form.
 */
final class Shrinking {
    private static final int MOST_ROUNDS = 20;

    private final Predicate<int[]> fails;
    private int[] best;
    private int trialsLeft;

    private Shrinking(int[] choices, int trials, Predicate<int[]> fails) {
        this.best = choices;
        this.trialsLeft = trials;
        this.fails = fails;
    }

    /** @param trials how many candidates may be tried */
    static int[] of(int[] choices, int trials, Predicate<int[]> fails) {
        Shrinking shrinking = new Shrinking(choices, trials, fails);
        int[] before = new int[0];
        for (int round = 0; round < MOST_ROUNDS && !Arrays.equals(before, shrinking.best); round++) {
            before = shrinking.best;
            shrinking.cutTheEnd();
            shrinking.removeRuns();
            shrinking.clearRuns();
            shrinking.lower();
        }
        return shrinking.best;
    }

    private boolean take(int[] candidate) {
        if (trialsLeft-- <= 0 || !fails.test(candidate)) {
            return false;
        }
        best = candidate;
        return true;
    }

    private void cutTheEnd() {
        for (int keep = best.length / 2, step = best.length / 2; step > 0; step /= 2) {
            keep = take(Arrays.copyOf(best, Math.min(keep, best.length))) ? keep - step / 2 : keep + step / 2;
            keep = Math.max(0, Math.min(keep, best.length));
        }
    }

    private void removeRuns() {
        for (int size = 32; size > 0; size /= 2) {
            for (int at = best.length - size; at >= 0; at--) {
                int[] without = Arrays.copyOf(best, best.length - size);
                System.arraycopy(best, at + size, without, at, best.length - size - at);
                if (take(without)) {
                    at = Math.min(at, best.length - size + 1);
                }
            }
        }
    }

    private void clearRuns() {
        for (int size = 16; size > 0; size /= 2) {
            for (int at = 0; at + size <= best.length; at += size) {
                int[] cleared = best.clone();
                Arrays.fill(cleared, at, at + size, 0);
                if (!Arrays.equals(cleared, best)) {
                    take(cleared);
                }
            }
        }
    }

    private void lower() {
        for (int at = 0; at < best.length; at++) {
            for (int value = 0;
                    value < best[at];
                    value = value == 0 ? Math.max(1, best[at] / 2) : value + Math.max(1, (best[at] - value) / 2)) {
                int[] lower = best.clone();
                lower[at] = value;
                if (take(lower)) {
                    break;
                }
            }
        }
    }
}
