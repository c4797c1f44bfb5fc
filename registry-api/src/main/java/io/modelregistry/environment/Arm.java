package io.modelregistry.environment;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One of the versions a rollout serves.
 *
 * @param id stable while the rollout's weights change, so that a key stays with its arm
 * @param version number of the version
 * @param weight share of the keys; none for a shadow arm
 * @param audience gets this arm whatever its key: values of an attribute, such as {@code hospital → [st-mary]}; of several attributes all must fit; empty
 *     for nobody in particular
 * @param mode whether callers see its answers
 */
public record Arm(String id, long version, Share weight, Map<String, List<String>> audience, Mode mode) {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final int MOST_ATTRIBUTES = 10;
    private static final int MOST_VALUES = 200;
    private static final int MOST_CHARACTERS = 128;

    /** Who an arm answers. */
    public enum Mode {
        SERVING,
        /** Gets the same requests as the arm that answers; what it says is only compared. */
        SHADOW,
        /** Serves a share of the keys that no change of the other arms' weights moves. */
        HOLDOUT
    }

    public Arm {
        if (!ID.matcher(id).matches()) {
            throw new InvalidRequestException(
                    "Not an arm's id: \"" + Texts.printable(id) + "\": it has up to 40 of a-z, 0-9 and '-'");
        }
        if (version < 1) {
            throw new InvalidRequestException(
                    "Arm " + id + " names version " + version + "; versions are numbered from 1");
        }
        if (mode == Mode.SHADOW && !weight.equals(Share.NONE)) {
            throw new InvalidRequestException(
                    "Arm " + id + " has the weight " + weight + "; a shadow arm answers nobody, so it has none");
        }
        if (mode != Mode.SERVING && !audience.isEmpty()) {
            throw new InvalidRequestException("Arm " + id + " has an audience; only a serving arm can have one");
        }
        audience = Collections.unmodifiableSortedMap(new TreeMap<>(audience.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> List.copyOf(e.getValue())))));
        checkAudience(id, audience);
    }

    /** An arm that answers a share of the keys. */
    public static Arm of(String id, long version, Share weight) {
        return new Arm(id, version, weight, Map.of(), Mode.SERVING);
    }

    /** An arm that answers nobody. */
    public static Arm shadow(String id, long version) {
        return new Arm(id, version, Share.NONE, Map.of(), Mode.SHADOW);
    }

    /** An arm whose keys stay as they are. */
    public static Arm holdout(String id, long version, Share weight) {
        return new Arm(id, version, weight, Map.of(), Mode.HOLDOUT);
    }

    public Arm weighing(Share other) {
        return new Arm(id, version, other, audience, mode);
    }

    /** Gets this arm too, whatever its key. */
    public Arm audience(String attribute, String... values) {
        Map<String, List<String>> more = new TreeMap<>(audience);
        more.put(attribute, List.of(values));
        return new Arm(id, version, weight, more, mode);
    }

    private static void checkAudience(String id, Map<String, List<String>> audience) {
        if (audience.size() > MOST_ATTRIBUTES) {
            throw new InvalidRequestException("The audience of arm " + id + " names " + audience.size()
                    + " attributes; at most " + MOST_ATTRIBUTES + " are allowed");
        }
        audience.forEach((attribute, values) -> {
            Texts.line("attribute of an audience", attribute, MOST_CHARACTERS);
            values.forEach(value -> Texts.line("value of " + attribute, value, MOST_CHARACTERS));
            if (values.isEmpty() || values.size() > MOST_VALUES) {
                throw new InvalidRequestException("The audience of arm " + id + " names " + values.size()
                        + " values of " + attribute + "; 1 to " + MOST_VALUES + " are allowed");
            }
        });
    }
}
