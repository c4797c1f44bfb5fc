package io.modelregistry.policy;

import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.version.ArtifactFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a version must be for an environment to serve it. Immutable; each method returns a copy that asks for more, or for something else.
 *
 * @param states the states it may be in; empty for every one that can be promoted at all
 * @param servedIn where it must have been served before
 * @param metrics what its metrics must be
 * @param card the parts of its model card that must say something
 * @param evaluatedOn datasets on which some metric must have been measured
 * @param attestations what somebody independent must have attested, by name
 * @param formats the formats it may have; empty for every one that carries no code
 */
public record EnvironmentRules(
        Set<LifecycleState> states,
        List<Service> servedIn,
        List<MetricRule> metrics,
        Set<CardPart> card,
        Set<String> evaluatedOn,
        Set<String> attestations,
        Set<String> formats) {

    /** Formats whose files run code when they are loaded, or may. Allowed only version by version, with a {@link Waiver}. */
    public static final Set<String> CODE_CARRYING_FORMATS =
            Set.of("pickle", "joblib", "pytorch", "torchscript", "java-serialised", "keras", "tensorflow-saved-model");

    /** A part of a model card. */
    public enum CardPart {
        INTENDED_USE,
        LIMITS
    }

    /**
     * Time in another environment.
     *
     * @param atLeast all its time there together; zero for having been there at all
     */
    public record Service(EnvironmentName environment, Duration atLeast) {
        public Service {
            if (atLeast.isNegative()) {
                throw new InvalidRequestException("A version can't serve in " + environment + " for " + atLeast);
            }
        }
    }

    public EnvironmentRules {
        states = Collections.unmodifiableSet(new TreeSet<>(states));
        servedIn = List.copyOf(servedIn);
        metrics = List.copyOf(metrics);
        card = Collections.unmodifiableSet(new TreeSet<>(card));
        evaluatedOn = names("dataset", evaluatedOn);
        attestations = names("attestation", attestations);
        formats = Collections.unmodifiableSet(new TreeSet<>(formats));
        formats.forEach(ArtifactFormat::of);
    }

    /** Nothing is asked but that files carry no code. */
    public static EnvironmentRules none() {
        return new EnvironmentRules(Set.of(), List.of(), List.of(), Set.of(), Set.of(), Set.of(), Set.of());
    }

    /** It must be in one of these states. */
    public EnvironmentRules states(LifecycleState... allowed) {
        return new EnvironmentRules(
                Set.copyOf(List.of(allowed)), servedIn, metrics, card, evaluatedOn, attestations, formats);
    }

    /** It must have been served there before, for so long altogether. */
    public EnvironmentRules servedIn(String environment, Duration atLeast) {
        return new EnvironmentRules(
                states,
                plus(servedIn, new Service(EnvironmentName.of(environment), atLeast)),
                metrics,
                card,
                evaluatedOn,
                attestations,
                formats);
    }

    public EnvironmentRules metric(MetricRule rule) {
        return new EnvironmentRules(states, servedIn, plus(metrics, rule), card, evaluatedOn, attestations, formats);
    }

    /** These parts of its model card must say something. */
    public EnvironmentRules card(CardPart... parts) {
        return new EnvironmentRules(
                states, servedIn, metrics, Set.copyOf(List.of(parts)), evaluatedOn, attestations, formats);
    }

    /** Some metric must have been measured on this dataset. */
    public EnvironmentRules evaluatedOn(String dataset) {
        return new EnvironmentRules(
                states, servedIn, metrics, card, Set.copyOf(plus(evaluatedOn, dataset)), attestations, formats);
    }

    /** Somebody independent must have attested this. */
    public EnvironmentRules attestation(String name) {
        return new EnvironmentRules(
                states, servedIn, metrics, card, evaluatedOn, Set.copyOf(plus(attestations, name)), formats);
    }

    /** Only these formats. */
    public EnvironmentRules formats(String... allowed) {
        return new EnvironmentRules(
                states, servedIn, metrics, card, evaluatedOn, attestations, Set.copyOf(List.of(allowed)));
    }

    private static Set<String> names(String what, Set<String> names) {
        for (String name : names) {
            if (name.isBlank()) {
                throw new InvalidRequestException("The name of a " + what + " in a policy is blank");
            }
            Texts.line(what + " name", name, 100);
        }
        return Collections.unmodifiableSet(new TreeSet<>(names));
    }

    private static <T> List<T> plus(Collection<T> all, T one) {
        List<T> more = new ArrayList<>(all);
        more.remove(one);
        more.add(one);
        return more;
    }
}
