package io.modelregistry.core.audit;

import io.modelregistry.EnvironmentName;
import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.core.environment.Place;
import io.modelregistry.core.environment.PromotionRules;
import io.modelregistry.core.environment.Served;
import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.policy.Reading;
import io.modelregistry.core.policy.Rulebook;
import io.modelregistry.core.review.ApprovalRules;
import io.modelregistry.core.review.Standing;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.LifecycleMove;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.lifecycle.Review;
import io.modelregistry.policy.UnmetRule;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Judges decisions again by the policy that each cites and by what it says it rests on, and looks whether a newer policy should have been cited. Used once.
 */
final class PolicyCheck {
    /** A decision reads the policy before it is made; in this time it has been made, whatever the clocks and however patient the writer. */
    private static final Duration LATEST = Duration.ofHours(1);

    private final Streams streams;
    private final Findings findings;
    private final List<StoredEntry> policies = new ArrayList<>();
    private final Map<VersionId, ModelVersion> versions = new HashMap<>();

    PolicyCheck(Streams streams, Findings findings) {
        this.streams = streams;
        this.findings = findings;
    }

    /** Reads all policies; what is wrong with them is reported when their stream is checked. */
    void readPolicies() {
        EventLog log = streams.log(KeyLayout.POLICY);
        try {
            long newest = log.read().sequence();
            for (long sequence = 1; sequence <= newest; sequence++) {
                policies.add(log.require(sequence, newest));
            }
        } catch (IntegrityException | UpgradeRequiredException e) {
            policies.clear();
        }
    }

    void check(StoredEntry stored) {
        Entry entry = stored.entry();
        String path = entry.stream().path();
        long cited = entry.seen().getOrDefault(KeyLayout.POLICY.path(), 0L);
        if (policies.isEmpty() || cited > policies.size() || path.equals(KeyLayout.POLICY.path())) {
            return;
        }
        String key = KeyLayout.entry(entry.stream(), stored.sequence());
        try {
            String type = Fields.of(entry.change()).textOr("type", "");
            checkNewest(key, entry, type, cited);
            if (cited > 0) {
                Tip policy = new Tip(KeyLayout.POLICY, policies.get((int) cited - 1));
                List<UnmetRule> unmet = unmet(entry, path.split("/", -1), type, Rulebook.of(policy));
                if (!unmet.isEmpty()) {
                    findings.error(
                            key,
                            "by " + KeyLayout.POLICY + "#" + cited + ", which it cites, it should not have been made: "
                                    + unmet.stream().map(UnmetRule::sentence).collect(Collectors.joining("; ")));
                }
            }
        } catch (UpgradeRequiredException e) {
            findings.warning(key, "not checked against the policy: " + e.getMessage());
        } catch (IntegrityException e) {
            // what it rests on is damaged, and reported where it is
        } catch (MalformedException | InvalidRequestException e) {
            findings.error(key, "it can't be held against the policy: " + e.getMessage());
        }
    }

    /** Decisions that a policy may forbid are made by the newest one. */
    private void checkNewest(String key, Entry entry, String type, long cited) {
        boolean decides = List.of("promote", "roll-back", Constants.text(LifecycleMove.APPROVE))
                .contains(type);
        for (StoredEntry policy : decides ? policies : List.<StoredEntry>of()) {
            if (policy.sequence() > cited && policy.entry().time().plus(LATEST).isBefore(entry.time())) {
                findings.error(
                        key,
                        "it was made at " + entry.time() + (cited == 0 ? " by no policy" : " by policy#" + cited)
                                + ", though policy#" + policy.sequence() + " stood since "
                                + policy.entry().time());
                return;
            }
        }
    }

    private List<UnmetRule> unmet(Entry entry, String[] segments, String type, Rulebook book) {
        return switch (segments[0] + "/") {
            case KeyLayout.VERSIONS, KeyLayout.SUBMISSIONS, KeyLayout.EVALUATIONS ->
                book.unmet(entry.actor(), Role.CONTRIBUTOR);
            case KeyLayout.ASSESSMENTS -> book.unmet(entry.actor(), Role.EVALUATOR);
            case KeyLayout.REVIEWS -> review(entry, segments, type, book);
            case KeyLayout.ENVIRONMENTS -> environment(entry, segments, type, book);
            default -> List.of();
        };
    }

    private List<UnmetRule> review(Entry entry, String[] segments, String type, Rulebook book) {
        List<Review.Signature> approvals = Standing.approvals(entry.state());
        if (!type.equals(Constants.text(LifecycleMove.APPROVE)) || approvals.isEmpty()) {
            return book.unmet(entry.actor(), Role.REVIEWER);
        }
        ModelVersion version = version(VersionId.of(segments[1], Long.parseLong(segments[2])));
        List<Review.Signature> given = approvals.subList(0, approvals.size() - 1);
        boolean enough = ApprovalRules.suffice(book.policy().reviews(), approvals);
        LifecycleState state = Fields.of(entry.state()).constant("state", LifecycleState.class);
        if (enough != (state == LifecycleState.APPROVED)) {
            throw new MalformedException("with " + approvals.size() + " approvals the policy makes it "
                    + (enough ? LifecycleState.APPROVED : LifecycleState.IN_REVIEW) + ", and it says " + state);
        }
        return ApprovalRules.unmet(book, version, given, approvals.get(given.size()));
    }

    private List<UnmetRule> environment(Entry entry, String[] segments, String type, Rulebook book) {
        Place place = new Place(EnvironmentName.of(segments[1]), ModelName.of(segments[2]));
        List<UnmetRule> unmet = new ArrayList<>(book.unmet(entry.actor(), Role.releaser(place.environment())));
        Rollout rollout = Served.of(entry.state()).current();
        boolean promoted = type.equals("promote");
        if (rollout != null && (promoted || type.equals("roll-back"))) {
            Reading reading = Reading.asSeen(streams, entry.seen());
            PromotionRules rules = new PromotionRules(reading, this::version, place, book, entry.time());
            for (Arm arm : rollout.arms()) {
                ModelVersion version = version(new VersionId(place.model(), arm.version()));
                unmet.addAll(promoted ? rules.unmet(version) : rules.unmetToRestore(version));
            }
        }
        return unmet;
    }

    private ModelVersion version(VersionId id) {
        return versions.computeIfAbsent(
                id,
                wanted -> streams.log(KeyLayout.versions(wanted.model()))
                        .require(wanted.number(), wanted.number())
                        .decode(entry -> VersionStore.describe(wanted.model(), entry)));
    }
}
