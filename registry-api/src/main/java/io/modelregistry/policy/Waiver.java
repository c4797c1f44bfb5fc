package io.modelregistry.policy;

import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import io.modelregistry.VersionId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One version needn't meet one rule of one environment. Part of the policy, so that who set it aside stands in the trail.
 *
 * @param rule one that {@link EnvironmentRules} has
 * @param reason why: 1 to 200 characters, kept for ever
 * @param until when it ends; null for never
 */
public record Waiver(
        VersionId version,
        EnvironmentName environment,
        Rule rule,
        String reason,
        @Nullable Instant until) {
    private static final Set<Rule> WAIVABLE = EnumSet.of(
            Rule.STATE,
            Rule.SERVED_IN,
            Rule.METRIC,
            Rule.NO_WORSE_THAN,
            Rule.CARD,
            Rule.EVALUATED_ON,
            Rule.ATTESTATION,
            Rule.FORMAT);

    public Waiver {
        if (!WAIVABLE.contains(rule)) {
            throw new InvalidRequestException(
                    "The rule " + rule.code() + " can't be waived; those of an environment can: "
                            + WAIVABLE.stream().map(Rule::code).toList());
        }
        if (reason.isBlank()) {
            throw new InvalidRequestException(
                    "A waiver of " + rule.code() + " for " + version + " in " + environment + " needs a reason");
        }
        Texts.line("reason of a waiver", reason, 200);
    }

    /** For good. */
    public static Waiver of(VersionId version, String environment, Rule rule, String reason) {
        return new Waiver(version, EnvironmentName.of(environment), rule, reason, null);
    }

    /** Only for changes made before. */
    public Waiver until(Instant end) {
        return new Waiver(version, environment, rule, reason, end);
    }

    /** Whether it holds at an instant. */
    public boolean holdsAt(Instant instant) {
        return until == null || instant.isBefore(until);
    }
}
