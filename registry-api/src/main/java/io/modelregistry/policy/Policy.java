package io.modelregistry.policy;

import io.modelregistry.Actor;
import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.access.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rules of a registry, as one document. Immutable; each method returns a copy that says one thing more, or another.
 *
 * <pre>{@code
 * registry.policy().set(Policy.none()
 *         .role(Role.REVIEWER, "u-17", "u-23")
 *         .role(Role.releaser("production"), "ci:release")
 *         .reviews(ReviewRules.none().approvals(2).byOthersThanTheRegistrant())
 *         .environment("production", EnvironmentRules.none()
 *                 .states(LifecycleState.APPROVED)
 *                 .servedIn("staging", Duration.ofDays(7))
 *                 .metric(MetricRule.noWorseThan("auc", "production").on("held-out").tolerating(0.01))
 *                 .formats("onnx", "safetensors")),
 *     "clinical use");
 * }</pre>
 *
 * <p>The library holds every change against the policy that stands, and each decision cites it. That keeps honest programs from mistakes; what
 * keeps others out is the store's access control, by {@link Role}.
 *
 * @param roles who has a role; a role that isn't named is anybody's
 * @param environments by name; one that isn't named has no rules
 */
public record Policy(
        Map<Role, Set<Actor>> roles,
        ReviewRules reviews,
        Map<EnvironmentName, EnvironmentRules> environments,
        List<Waiver> waivers) {
    private static final Policy NONE = new Policy(Map.of(), ReviewRules.none(), Map.of(), List.of());

    public Policy {
        roles = Collections.unmodifiableMap(roles.entrySet().stream()
                .collect(
                        Collectors.toMap(Map.Entry::getKey, e -> Set.copyOf(e.getValue()), (a, b) -> b, TreeMap::new)));
        roles.forEach((role, actors) -> {
            if (actors.isEmpty()) {
                throw new InvalidRequestException(
                        "The policy gives the role " + role + " to nobody, so that nobody could"
                                + " do what it takes. Leave the role out to give it to everybody");
            }
            if (role.kind() == Role.Kind.READER || role.kind() == Role.Kind.COLLECTOR) {
                throw new InvalidRequestException("A policy doesn't say who is a " + role
                        + ": no change in the registry takes that role. The store's access control does");
            }
        });
        environments = Collections.unmodifiableMap(new TreeMap<>(environments));
        waivers = List.copyOf(waivers);
        Set<List<Object>> waived = new HashSet<>();
        for (Waiver waiver : waivers) {
            if (!waived.add(List.of(waiver.version(), waiver.environment(), waiver.rule()))) {
                throw new InvalidRequestException("The policy waives "
                        + waiver.rule().code() + " twice for " + waiver.version() + " in " + waiver.environment());
            }
        }
    }

    /** No rules: what holds while a registry has no policy. */
    public static Policy none() {
        return NONE;
    }

    /** Gives a role to these people and jobs, and to nobody else. */
    public Policy role(Role role, String... actors) {
        Map<Role, Set<Actor>> more = new TreeMap<>(roles);
        more.put(role, Arrays.stream(actors).map(Actor::of).collect(Collectors.toSet()));
        return new Policy(more, reviews, environments, waivers);
    }

    public Policy reviews(ReviewRules rules) {
        return new Policy(roles, rules, environments, waivers);
    }

    public Policy environment(String name, EnvironmentRules rules) {
        Map<EnvironmentName, EnvironmentRules> more = new TreeMap<>(environments);
        more.put(EnvironmentName.of(name), rules);
        return new Policy(roles, reviews, more, waivers);
    }

    public Policy waive(Waiver waiver) {
        List<Waiver> more = new ArrayList<>(waivers);
        more.add(waiver);
        return new Policy(roles, reviews, environments, more);
    }

    /** The rules of an environment; none while it isn't named. */
    public EnvironmentRules rulesOf(EnvironmentName environment) {
        EnvironmentRules rules = environments.get(environment);
        return rules == null ? EnvironmentRules.none() : rules;
    }

    /** Whether somebody may do what takes a role: he has it, or one that includes it, or nobody in particular has either. */
    public boolean allows(Actor actor, Role role) {
        List<Set<Actor>> holders = roles.entrySet().stream()
                .filter(e -> e.getKey().includes(role))
                .map(Map.Entry::getValue)
                .toList();
        return holders.isEmpty() || holders.stream().anyMatch(actors -> actors.contains(actor));
    }
}
