package io.modelregistry.environment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A version that some of the traffic is to try: {@code Canary.of(13, Share.percent(5)).then(Share.percent(25)).then(Share.percent(100))}.
 *
 * @param version number of the version to try
 * @param share of the keys that get it at first; may be none when there is an audience
 * @param steps how it goes on, with rising shares; all of them scheduled, at rising times, or none
 * @param audience served the canary whatever their keys: values of an attribute, such as {@code hospital → [st-mary]}; of several attributes all must fit
 * @param holdout share of the keys that keep the present version on every step, so that its effect stays measurable
 * @param salt another salt assigns other keys to the canary; by default the version's number, so that a canary tried again meets the same keys
 */
public record Canary(
        long version,
        Share share,
        List<RampStep> steps,
        Map<String, List<String>> audience,
        Share holdout,
        String salt) {
    public Canary {
        steps = List.copyOf(steps);
        audience = new Arm("canary", version, share, audience, Arm.Mode.SERVING).audience();
    }

    public static Canary of(long version, Share share) {
        return new Canary(version, share, List.of(), Map.of(), Share.NONE, Long.toString(version));
    }

    /** A next step that somebody takes. */
    public Canary then(Share next) {
        return then(new RampStep(next, null));
    }

    /** A next step that every process takes at this instant by its own clock. */
    public Canary then(Share next, Instant at) {
        return then(new RampStep(next, at));
    }

    private Canary then(RampStep step) {
        List<RampStep> more = new ArrayList<>(steps);
        more.add(step);
        return new Canary(version, share, more, audience, holdout, salt);
    }

    public Canary audience(String attribute, String... values) {
        Map<String, List<String>> more = new TreeMap<>(audience);
        more.put(attribute, List.of(values));
        return new Canary(version, share, steps, more, holdout, salt);
    }

    public Canary holdout(Share kept) {
        return new Canary(version, share, steps, audience, kept, salt);
    }

    public Canary salt(String other) {
        return new Canary(version, share, steps, audience, holdout, other);
    }
}
