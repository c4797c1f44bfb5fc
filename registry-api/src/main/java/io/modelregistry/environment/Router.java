package io.modelregistry.environment;

import io.modelregistry.ModelName;
import java.util.List;
import java.util.Map;

/**
 * Chooses the arm of a rollout that answers. The choice depends on the model, the rollout and who asks, on nothing else: every process makes the same, and
 * it can be made again later. Audiences come first, in the order of the arms; then the holdout; then weighted rendezvous hashing: each arm draws a number from the
 * key, and the smallest in relation to the weight wins. So an arm that gains weight keeps all its keys, and keys that change their arm move to an
 * arm that gained.
 *
 * <p>The method is part of the format (docs/format.md has the formula, and vectors for other languages): FNV-1a over the bytes, the finaliser of SplitMix64
 * (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014), and exponential variates (Efraimidis and Spirakis, "Weighted random sampling
 * with a reservoir", 2006).
 *
 * <p>Immutable. Of a scheduled rollout it knows the present step only: make one of {@link Rollout#at}.
 */
public final class Router {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final Arm[] arms;
    private final long[] seeds;
    private final int holdout;
    private final boolean hasAudience;

    private Router(ModelName model, Rollout rollout) {
        arms = rollout.arms().toArray(Arm[]::new);
        seeds = new long[arms.length];
        int held = -1;
        boolean audience = false;
        for (int i = 0; i < arms.length; i++) {
            long seed = hash(FNV_OFFSET, model.value());
            seed = hash(octet(seed, 0), rollout.salt());
            seeds[i] = mix(hash(octet(seed, 0), arms[i].id()));
            held = arms[i].mode() == Arm.Mode.HOLDOUT ? i : held;
            audience |= !arms[i].audience().isEmpty();
        }
        holdout = held;
        hasAudience = audience;
    }

    public static Router of(ModelName model, Rollout rollout) {
        return new Router(model, rollout);
    }

    /** The arm that answers. */
    public Arm arm(Routing routing) {
        return arms[index(routing)];
    }

    /** The place in the rollout of the arm that answers. */
    public int index(Routing routing) {
        if (arms.length == 1) {
            return 0;
        }
        if (hasAudience) {
            for (int i = 0; i < arms.length; i++) {
                if (isFor(arms[i], routing.attributes())) {
                    return i;
                }
            }
        }
        String key = routing.key();
        return key == null ? 0 : byKey(key);
    }

    private int byKey(String key) {
        long hashed = mix(hash(FNV_OFFSET, key));
        if (holdout >= 0
                && draw(hashed ^ seeds[holdout]) * Share.ALL.basisPoints()
                        < arms[holdout].weight().basisPoints()) {
            return holdout;
        }
        int chosen = 0;
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < arms.length; i++) {
            int weight = arms[i].weight().basisPoints();
            if (weight > 0 && i != holdout) {
                double variate = -StrictMath.log(draw(hashed ^ seeds[i])) / weight;
                if (variate < smallest) {
                    smallest = variate;
                    chosen = i;
                }
            }
        }
        return chosen;
    }

    private static double draw(long seed) {
        return unit(mix(seed));
    }

    /** From 0, which has no logarithm and is excluded, to 1, to which the largest is rounded. */
    static double unit(long bits) {
        return ((bits >>> 11) + 0.5) * 0x1.0p-53;
    }

    private static boolean isFor(Arm arm, Map<String, String> attributes) {
        if (arm.audience().isEmpty()) {
            return false;
        }
        for (Map.Entry<String, List<String>> wanted : arm.audience().entrySet()) {
            String value = attributes.get(wanted.getKey());
            if (value == null || !wanted.getValue().contains(value)) {
                return false;
            }
        }
        return true;
    }

    /** FNV-1a over the text's UTF-8. A surrogate without its other half counts as the three bytes its code unit would take. */
    private static long hash(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            int c = text.charAt(i);
            if (c < 0x80) {
                hash = octet(hash, c);
                continue;
            }
            if (c < 0x800) {
                hash = octet(hash, 0xc0 | (c >> 6));
            } else {
                int point = text.codePointAt(i);
                if (point >= 0x10000) {
                    i++;
                    c = point;
                    hash = octet(hash, 0xf0 | (c >> 18));
                    hash = octet(hash, 0x80 | ((c >> 12) & 0x3f));
                } else {
                    hash = octet(hash, 0xe0 | (c >> 12));
                }
                hash = octet(hash, 0x80 | ((c >> 6) & 0x3f));
            }
            hash = octet(hash, 0x80 | (c & 0x3f));
        }
        return hash;
    }

    private static long octet(long hash, int octet) {
        return (hash ^ octet) * FNV_PRIME;
    }

    private static long mix(long z) {
        long x = z;
        x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
        return x ^ (x >>> 31);
    }
}
