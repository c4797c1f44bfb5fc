package io.modelregistry.environment;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
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
 * @param weightBasisPoints share of the traffic, 10,000 = 100 %; 0 for a shadow arm
 * @param audience served this arm first: values of an attribute, such as {@code hospital → [st-mary]}; empty for nobody in particular
 * @param mode whether callers see its answers
 */
public record Arm(String id, long version, int weightBasisPoints, Map<String, List<String>> audience, Mode mode) {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    /** Whether callers see an arm's answers. */
    public enum Mode {
        SERVING,
        /** Gets the same requests; its answers are only compared. */
        SHADOW
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
        if (weightBasisPoints < 0
                || weightBasisPoints > Rollout.FULL_WEIGHT
                || (mode == Mode.SHADOW && weightBasisPoints != 0)) {
            throw new InvalidRequestException("Arm " + id + " has weight " + weightBasisPoints
                    + "; weights are 0 to 10,000 basis points, and 0 for a shadow arm");
        }
        audience = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(audience.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> List.copyOf(e.getValue())))));
    }
}
