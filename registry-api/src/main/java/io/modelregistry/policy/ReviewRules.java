package io.modelregistry.policy;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.lifecycle.Approval;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What makes a version approved.
 *
 * @param approvals how many different people must approve one submission; 1 to 20
 * @param meanings each must have been given by somebody; empty for any
 * @param registrant whether who registered the version may be one of them
 * @param authenticatedWithin how long ago an approver may have proved his identity; null for any
 * @param printedName whether an approval must bear a name
 */
public record ReviewRules(
        int approvals,
        Set<Approval.Meaning> meanings,
        Registrant registrant,
        @Nullable Duration authenticatedWithin,
        PrintedName printedName) {
    private static final int MOST_APPROVALS = 20;
    private static final Duration LONGEST = Duration.ofDays(365);

    /** Whether who registered a version may approve it. */
    public enum Registrant {
        MAY_APPROVE,
        MUST_NOT_APPROVE
    }

    /** Whether an approval must bear a name. */
    public enum PrintedName {
        OPTIONAL,
        REQUIRED
    }

    public ReviewRules {
        if (approvals < 1 || approvals > MOST_APPROVALS) {
            throw new InvalidRequestException(
                    "A policy asks for 1 to " + MOST_APPROVALS + " approvals, not " + approvals);
        }
        meanings = Collections.unmodifiableSet(new TreeSet<>(meanings));
        if (authenticatedWithin != null
                && (authenticatedWithin.isNegative()
                        || authenticatedWithin.isZero()
                        || authenticatedWithin.compareTo(LONGEST) > 0)) {
            throw new InvalidRequestException(
                    "An authentication may be up to " + LONGEST.toDays() + " days old, not " + authenticatedWithin);
        }
    }

    /** One approval by anybody: what holds without a policy. */
    public static ReviewRules none() {
        return new ReviewRules(1, Set.of(), Registrant.MAY_APPROVE, null, PrintedName.OPTIONAL);
    }

    /** So many different people. */
    public ReviewRules approvals(int count) {
        return new ReviewRules(count, meanings, registrant, authenticatedWithin, printedName);
    }

    /** Separation of duties: who registered a version doesn't approve it. */
    public ReviewRules byOthersThanTheRegistrant() {
        return new ReviewRules(approvals, meanings, Registrant.MUST_NOT_APPROVE, authenticatedWithin, printedName);
    }

    /** Each of these meanings by somebody. */
    public ReviewRules meanings(Approval.Meaning... each) {
        return new ReviewRules(approvals, Set.copyOf(List.of(each)), registrant, authenticatedWithin, printedName);
    }

    /** Approvals say when the approver proved his identity, and that was no longer ago. */
    public ReviewRules authenticatedWithin(Duration age) {
        return new ReviewRules(approvals, meanings, registrant, age, printedName);
    }

    /** Approvals bear a name, as 21 CFR 11.50 asks of signed electronic records. */
    public ReviewRules withPrintedNames() {
        return new ReviewRules(approvals, meanings, registrant, authenticatedWithin, PrintedName.REQUIRED);
    }
}
