package io.modelregistry.testkit.simulation;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All choices of one schedule, in the order they are made. Made from a seed or replayed from a text. Zero is always the quiet choice (no
 * fault, no interruption by another process, nothing more to do), and a replayed tape gives zeros once it is at its end, so that a
 * shorter or smaller tape is a simpler schedule. Not thread-safe.
 */
final class Tape {
    private final @Nullable SplittableRandom random;
    private int[] choices;
    private int length;
    private int position;

    private Tape(@Nullable SplittableRandom random, int[] choices, int length) {
        this.random = random;
        this.choices = choices;
        this.length = length;
    }

    static Tape seeded(long seed) {
        return new Tape(new SplittableRandom(seed), new int[256], 0);
    }

    static Tape replaying(int[] choices) {
        return new Tape(null, choices.clone(), choices.length);
    }

    /** A choice from 0 to {@code bound - 1}. */
    int below(int bound) {
        if (bound <= 1) {
            return 0;
        }
        if (random == null) {
            return position < length ? Math.floorMod(choices[position++], bound) : 0;
        }
        int choice = random.nextInt(bound);
        if (length == choices.length) {
            choices = Arrays.copyOf(choices, 2 * length);
        }
        choices[length++] = choice;
        return choice;
    }

    /** True with a probability of so many in a thousand. */
    boolean chance(int perMille) {
        return below(1_000) >= 1_000 - perMille;
    }

    /** The index of a weight, each chosen as often as it is large. */
    int weighted(int... weights) {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        int left = below(sum);
        for (int i = 0; i < weights.length; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("The weights are all 0");
    }

    /** The choices so far. */
    int[] choices() {
        return Arrays.copyOf(choices, random == null ? Math.min(position, length) : length);
    }

    /** Runs of zeros are written {@code z<count>}, so that shrunk tapes are short. */
    static String toText(int[] choices) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < choices.length; ) {
            int zeros = 0;
            while (i + zeros < choices.length && choices[i + zeros] == 0) {
                zeros++;
            }
            text.append(text.length() == 0 ? "" : ".");
            if (zeros > 1) {
                text.append('z').append(zeros);
                i += zeros;
            } else {
                text.append(choices[i++]);
            }
        }
        return text.toString();
    }

    static int[] parse(String text) {
        if (text.isBlank()) {
            return new int[0];
        }
        return Arrays.stream(text.strip().split("\\.", -1))
                .flatMapToInt(item -> item.startsWith("z")
                        ? IntStream.generate(() -> 0).limit(Integer.parseInt(item.substring(1)))
                        : IntStream.of(Integer.parseInt(item)))
                .toArray();
    }

    @Override
    public String toString() {
        return Arrays.stream(choices()).mapToObj(Integer::toString).collect(Collectors.joining("."));
    }
}
