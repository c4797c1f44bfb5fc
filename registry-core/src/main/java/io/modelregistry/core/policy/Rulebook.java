package io.modelregistry.core.policy;

import io.modelregistry.Actor;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.access.Role;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Tip;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.RulesUnmetException;
import io.modelregistry.policy.UnmetRule;
import java.util.List;
import java.util.Map;

/**
 * The policy that a decision is held against.
 *
 * @param sequence of its entry; 0 while none was ever set
 */
public record Rulebook(long sequence, Policy policy) {
    /** What holds while no policy was ever set. */
    public static final Rulebook NONE = new Rulebook(0, Policy.none());

    /** @throws UpgradeRequiredException when it has a rule that this release doesn't know */
    public static Rulebook of(Tip tip) {
        return tip.newest() == null ? NONE : new Rulebook(tip.sequence(), tip.decode(Rulebook::decode));
    }

    private static Policy decode(Json.Obj state) {
        Fields policy = Fields.of(state).objectOrNull(PolicyStore.POLICY);
        if (policy == null) {
            throw new UpgradeRequiredException("This registry has a policy which this release can't check."
                    + " Upgrade the library; nothing was written");
        }
        try {
            return PolicyCodec.decode(policy);
        } catch (InvalidRequestException e) {
            throw new UpgradeRequiredException("This registry has a policy which this release can't check: "
                    + e.getMessage() + ". Upgrade the library; nothing was written");
        }
    }

    /** What stands in the way of somebody's doing what takes a role; empty or one rule. */
    public List<UnmetRule> unmet(Actor actor, Role role) {
        if (policy.allows(actor, role)) {
            return List.of();
        }
        List<String> holders = policy.roles().entrySet().stream()
                .filter(e -> e.getKey().includes(role))
                .flatMap(e -> e.getValue().stream().map(Actor::id))
                .sorted()
                .distinct()
                .toList();
        return List.of(new UnmetRule(
                Rule.ROLE,
                actor + " is no " + role + " by " + KeyLayout.POLICY + "#" + sequence,
                "Ask one of " + holders + ", or an administrator for the role."));
    }

    /** @param what {@code "Cannot evaluate tumor@12"} */
    public void require(Actor actor, Role role, String what) {
        List<UnmetRule> unmet = unmet(actor, role);
        if (!unmet.isEmpty()) {
            throw new RulesUnmetException(what, unmet);
        }
    }

    /** Cites the policy among what a decision rests on. */
    public void cite(Map<String, Long> seen) {
        if (sequence > 0) {
            seen.put(KeyLayout.POLICY.path(), sequence);
        }
    }
}
