package io.modelregistry.policy;

import java.util.Locale;

/** What a policy can ask. {@link #code} is for machines and never changes. */
public enum Rule {
    /** Only who has the role may make the change. */
    ROLE,
    /** The version must not be rejected, being retired or retired; this holds without a policy too. */
    LIFECYCLE,
    /** The version must be in one of the states that the environment serves. */
    STATE,
    /** The version must have been served elsewhere before, for long enough. */
    SERVED_IN,
    /** A metric must be measured, and be within its bound. */
    METRIC,
    /** A metric must be no worse than that of what an environment serves. */
    NO_WORSE_THAN,
    /** The model card must say something. */
    CARD,
    /** Some metric must have been measured on a dataset. */
    EVALUATED_ON,
    /** Somebody independent must have attested something. */
    ATTESTATION,
    /** The artifact's format must be an allowed one; one that carries code needs a waiver. */
    FORMAT,
    /** The registrant doesn't approve. */
    SELF_APPROVAL,
    /** Nobody approves the same submission twice with the same meaning. */
    REPEATED_APPROVAL,
    /** Who approves has proved his identity recently. */
    AUTHENTICATION,
    /** An approval bears the name of who gives it. */
    PRINTED_NAME,
    /** An approval is for the bytes that were looked at; this holds without a policy too. */
    MANIFEST;

    /** {@code served-in}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
