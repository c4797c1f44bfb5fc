package io.modelregistry.core;

import io.modelregistry.Actor;
import io.modelregistry.Revision;
import io.modelregistry.core.policy.PolicyStore;
import io.modelregistry.policy.Policies;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.PolicyAt;
import io.modelregistry.policy.PolicyRevision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The policy's handle: remembers the revision it last returned. */
final class LogBackedPolicies implements Policies {
    private final Parts parts;
    private final Supplier<Actor> actor;
    private volatile @Nullable Revision remembered;

    /** @param actor throws when nobody was named */
    LogBackedPolicies(Parts parts, Supplier<Actor> actor) {
        this.parts = parts;
        this.actor = actor;
    }

    @Override
    public Optional<PolicyRevision> current() {
        Optional<PolicyRevision> current = parts.checkOpen().policies().current();
        current.ifPresent(this::remember);
        return current;
    }

    @Override
    public PolicyRevision set(Policy policy, String reason) {
        return remember(parts.checkOpen().policies().set(policy, reason, remembered, actor.get()));
    }

    @Override
    public List<PolicyRevision> history() {
        List<PolicyRevision> history = parts.checkOpen().policies().history();
        if (!history.isEmpty()) {
            remember(history.get(history.size() - 1));
        }
        return history;
    }

    @Override
    public PolicyAt asOf(Instant instant) {
        return parts.checkOpen().policies().asOf(instant);
    }

    @Override
    public Policy parse(String json) {
        return PolicyStore.parse(json);
    }

    @Override
    public String format(Policy policy) {
        return PolicyStore.format(policy);
    }

    private PolicyRevision remember(PolicyRevision revision) {
        remembered = revision.revision();
        return revision;
    }
}
