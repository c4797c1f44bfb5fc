package io.modelregistry.policy;

import io.modelregistry.InvalidRequestException;
import java.util.List;
import java.util.stream.Collectors;

/** Rules stand in the way of a change; {@link #unmet} has every one of them, not only the first. Nothing was written. */
public final class RulesUnmetException extends InvalidRequestException {
    private static final long serialVersionUID = 1L;

    private final List<UnmetRule> unmet;

    /** @param what {@code "Cannot promote to production/tumor"} */
    public RulesUnmetException(String what, List<UnmetRule> unmet) {
        super(what + ": " + unmet.stream().map(UnmetRule::sentence).collect(Collectors.joining("; "))
                + ". Nothing was written. "
                + unmet.stream().map(UnmetRule::remedy).distinct().collect(Collectors.joining(" ")));
        this.unmet = List.copyOf(unmet);
    }

    /** At least one, each with its code, one sentence and the way out. */
    public List<UnmetRule> unmet() {
        return unmet;
    }
}
