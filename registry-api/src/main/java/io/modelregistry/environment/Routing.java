package io.modelregistry.environment;

import io.modelregistry.InvalidRequestException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for a prediction, as far as it matters for which version answers: {@code Routing.of("patient-77").with("hospital", "st-mary")}. It is looked at
 * in this process only and never written to the registry.
 *
 * @param key the same for requests that the same version shall answer, such as the id of a patient, a user or a case; null when nothing of the kind is known
 * @param attributes what audiences are chosen by
 */
public record Routing(@Nullable String key, Map<String, String> attributes) {
    private static final int MOST_CHARACTERS = 1_024;
    private static final Routing ANYBODY = new Routing(null, Map.of());

    public Routing {
        if (key != null && (key.isEmpty() || key.length() > MOST_CHARACTERS)) {
            throw new InvalidRequestException("Not a routing key: it has " + key.length() + " characters; 1 to "
                    + MOST_CHARACTERS + " are allowed");
        }
        attributes = Map.copyOf(attributes);
    }

    /** By a key. Equal keys get the same arm in every process, as long as the arms and their weights are the same. */
    public static Routing of(String key) {
        return new Routing(key, Map.of());
    }

    /** Nothing is known: the stable arm answers, unless an audience says otherwise. */
    public static Routing anybody() {
        return ANYBODY;
    }

    public Routing with(String attribute, String value) {
        Map<String, String> more = new TreeMap<>(attributes);
        more.put(attribute, value);
        return new Routing(key, more);
    }
}
