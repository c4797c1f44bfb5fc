package io.modelregistry.testkit.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.ReviewRules;

/**
 * What a policy asks in a simulation; read from the {@link Ledger} by the format, apart from the registry's own codec, which it judges.
 *
 * @param approvals how many different people must approve
 * @param registrantApproves whether who registered a version may be one of them
 * @param onlyApproved whether production serves only what is approved
 */
record Rules(long approvals, boolean registrantApproves, boolean onlyApproved) {
    static final Rules NONE = new Rules(1, true, false);

    /** One of a few, by a number from 0. */
    static Rules numbered(int number) {
        return new Rules(1 + (number & 1), (number & 2) == 0, (number & 4) != 0);
    }

    Policy policy() {
        ReviewRules reviews = ReviewRules.none().approvals((int) approvals);
        Policy policy = Policy.none().reviews(registrantApproves ? reviews : reviews.byOthersThanTheRegistrant());
        return onlyApproved
                ? policy.environment("production", EnvironmentRules.none().states(LifecycleState.APPROVED))
                : policy;
    }

    /** By the policy's entry of this number; none for 0. */
    static Rules of(Ledger ledger, long sequence) {
        if (sequence == 0) {
            return NONE;
        }
        JsonNode policy = ledger.entry(Paths.POLICY, sequence).state().path("policy");
        JsonNode reviews = policy.path("reviews");
        return new Rules(
                reviews.path("approvals").asLong(),
                !reviews.path("registrant").asText().equals("must-not-approve"),
                policy.path("environments").path("production").path("states").size() > 0);
    }

    /** Whether an environment may serve a version in this state, if it can be served at all. */
    boolean serves(String environment, String state) {
        return !onlyApproved || !environment.equals("production") || state.equals(Lives.APPROVED);
    }
}
