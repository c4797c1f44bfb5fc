package io.modelregistry.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A handle on the policy of a registry, present and past. Setting one is a compare-and-set: it is refused with a {@link
 * io.modelregistry.ConflictException} when another was set since the one this handle last returned, or since the start of the call if it
 * returned none. Changing the policy doesn't change the past: each decision cites the policy that it was made under.
 *
 * <p>Thread-safe. The one thing a handle remembers is the revision it last returned.
 */
public interface Policies {

    /** The policy that stands; asks the store. Empty while none was ever set. */
    Optional<PolicyRevision> current();

    /**
     * Sets the policy. Takes an administrator of the one that stands.
     *
     * @param reason why: 1 to 200 characters, kept for ever
     */
    PolicyRevision set(Policy policy, String reason);

    /** All policies, oldest first. */
    List<PolicyRevision> history();

    /** The policy that stood at an instant of the store's clock, and how sure that is. */
    PolicyAt asOf(Instant instant);

    /**
     * Reads a policy from its document, which docs/policy.md describes.
     *
     * @throws io.modelregistry.InvalidRequestException for what isn't one; unknown rules are refused by name, never ignored
     */
    Policy parse(String json);

    /** The document of a policy, for people: indented JSON that {@link #parse} reads back. */
    String format(Policy policy);
}
