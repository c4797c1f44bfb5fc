package io.modelregistry.core.review;

import io.modelregistry.Actor;
import io.modelregistry.access.Role;
import io.modelregistry.core.policy.Rulebook;
import io.modelregistry.lifecycle.Approval;
import io.modelregistry.lifecycle.Review;
import io.modelregistry.policy.ReviewRules;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.UnmetRule;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds an approval against the rules of reviews. Judges facts alone, so that {@code verify()} can judge them again. */
public final class ApprovalRules {
    /** How far ahead of this clock the one that timed an authentication may be. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private ApprovalRules() {}

    /**
     * What stands in the way of one more approval.
     *
     * @param given the approvals that the submission has
     */
    public static List<UnmetRule> unmet(
            Rulebook book, ModelVersion version, List<Review.Signature> given, Review.Signature approval) {
        ReviewRules rules = book.policy().reviews();
        List<UnmetRule> unmet = new ArrayList<>(book.unmet(approval.actor(), Role.REVIEWER));
        if (rules.registrant() == ReviewRules.Registrant.MUST_NOT_APPROVE
                && version.registeredBy().equals(approval.actor())) {
            unmet.add(new UnmetRule(
                    Rule.SELF_APPROVAL,
                    approval.actor() + " registered " + version.id() + " and can't approve it",
                    "Somebody else has to."));
        }
        if (given.stream().anyMatch(s -> s.actor().equals(approval.actor()) && s.meaning() == approval.meaning())) {
            unmet.add(new UnmetRule(
                    Rule.REPEATED_APPROVAL,
                    approval.actor() + " has already approved this submission of " + version.id() + " ("
                            + approval.meaning() + ")",
                    "Somebody else has to."));
        }
        if (!version.artifact().manifest().equals(approval.manifest())) {
            unmet.add(new UnmetRule(
                    Rule.MANIFEST,
                    "the approval is for the manifest " + approval.manifest() + ", but that of " + version.id() + " is "
                            + version.artifact().manifest(),
                    "Look at the version itself, and approve what it is."));
        }
        if (rules.printedName() == ReviewRules.PrintedName.REQUIRED && approval.printedName() == null) {
            unmet.add(new UnmetRule(
                    Rule.PRINTED_NAME, "the approval bears no name", "Give it with Approval.printedName."));
        }
        authentication(rules, approval, unmet);
        return unmet;
    }

    private static void authentication(ReviewRules rules, Review.Signature approval, List<UnmetRule> unmet) {
        Duration most = rules.authenticatedWithin();
        if (most == null) {
            return;
        }
        Instant authenticated = approval.authenticatedAt();
        String remedy = "Authenticate again, and say when with Approval.authenticatedAt.";
        if (authenticated == null) {
            unmet.add(new UnmetRule(
                    Rule.AUTHENTICATION, "the approval doesn't say when its signer proved his identity", remedy));
        } else if (Duration.between(authenticated, approval.at()).compareTo(most) > 0) {
            unmet.add(new UnmetRule(
                    Rule.AUTHENTICATION,
                    approval.actor() + " proved his identity at " + authenticated + ", longer ago than the " + most
                            + " allowed",
                    remedy));
        } else if (Duration.between(approval.at(), authenticated).compareTo(SKEW) > 0) {
            unmet.add(new UnmetRule(
                    Rule.AUTHENTICATION,
                    "the approval says that its signer proved his identity at " + authenticated
                            + ", which is yet to come",
                    remedy));
        }
    }

    /** Whether these approvals are all that is asked for. Those that an earlier policy let through and this one would not don't count. */
    public static boolean suffice(Rulebook book, ModelVersion version, List<Review.Signature> approvals) {
        ReviewRules rules = book.policy().reviews();
        List<Review.Signature> counted = approvals.stream()
                .filter(approval -> unmet(book, version, List.of(), approval).isEmpty())
                .toList();
        Set<Actor> people = counted.stream().map(Review.Signature::actor).collect(Collectors.toSet());
        Set<Approval.Meaning> meanings =
                counted.stream().map(Review.Signature::meaning).collect(Collectors.toSet());
        return people.size() >= rules.approvals() && meanings.containsAll(rules.meanings());
    }
}
