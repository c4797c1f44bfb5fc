package io.modelregistry.core.audit;

import io.modelregistry.EnvironmentName;
import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.access.AccessRules;
import io.modelregistry.access.Action;
import io.modelregistry.access.Role;
import io.modelregistry.core.environment.Place;
import io.modelregistry.core.environment.PromotionCheck;
import io.modelregistry.core.environment.PromotionCodec;
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
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.LifecycleMove;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.lifecycle.Review;
import io.modelregistry.policy.UnmetRule;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges decisions again by the policy that each cites and by what it says it rests on, and looks whether a newer policy should have been cited. Used once.
 */
final class PolicyCheck {
    /** A decision reads the policy before it is made; in this time it has been made: an operation may be given a day, and clocks differ. */
    private static final Duration LATEST = Duration.ofHours(25);

    /** Authorities whose entries are held against no policy. */
    private static final Set<String> UNDECIDED = Set.of(KeyLayout.MODELS, KeyLayout.LABELS, KeyLayout.COLLECTOR);

    private final Streams streams;
    private final Findings findings;
    private final List<StoredEntry> policies = new ArrayList<>();
    private final Map<VersionId, ModelVersion> versions = new HashMap<>();
    private final Map<Long, Rulebook> books = new HashMap<>();

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
        long cited = entry.seen().getOrDefault(KeyLayout.POLICY.path(), 0L);
        if (policies.isEmpty() || cited > policies.size()) {
            return;
        }
        String key = KeyLayout.entry(entry.stream(), stored.sequence());
        String[] segments = entry.stream().path().split("/", -1);
        boolean policy = entry.stream().equals(KeyLayout.POLICY);
        try {
            if (policy) {
                Rulebook.of(new Tip(KeyLayout.POLICY, stored)); // it must be one
                report(key, stored.sequence() - 1, administrator(entry, stored.sequence()));
                return;
            }
            String type = Fields.of(entry.change()).textOr("type", "");
            long stood = standing(entry);
            checkNewest(key, entry, type, cited, stood);
            checkRestored(entry, stored.sequence(), type);
            if (cited > 0) {
                report(key, cited, unmet(entry, stored.sequence(), segments, type, book(cited)));
            } else {
                report(key, stood, stood == 0 ? List.of() : unmetRole(entry, segments, book(stood)));
            }
        } catch (UpgradeRequiredException e) {
            findings.warning(key, "not checked against the policy: " + e.getMessage());
        } catch (IntegrityException e) {
            if (policy) {
                findings.error(key, e);
            }
            // otherwise what it rests on is damaged, and reported where it is
        } catch (MalformedException | InvalidRequestException e) {
            findings.error(key, "it can't be held against the policy: " + e.getMessage());
        }
    }

    private void report(String key, long policy, List<UnmetRule> unmet) {
        if (!unmet.isEmpty()) {
            findings.error(
                    key,
                    "by " + KeyLayout.POLICY + "#" + policy + " it should not have been made: "
                            + unmet.stream().map(UnmetRule::sentence).collect(Collectors.joining("; ")));
        }
    }

    private List<UnmetRule> administrator(Entry entry, long sequence) {
        return sequence == 1 ? List.of() : book(sequence - 1).unmet(entry.actor(), Role.ADMINISTRATOR);
    }

    private Rulebook book(long sequence) {
        return books.computeIfAbsent(
                sequence, wanted -> Rulebook.of(new Tip(KeyLayout.POLICY, policies.get((int) (wanted - 1)))));
    }

    /** Decisions that a policy may forbid are made by the newest one. */
    private void checkNewest(String key, Entry entry, String type, long cited, long stood) {
        boolean decides = type.equals("roll-back")
                || type.equals(Constants.text(LifecycleMove.APPROVE))
                || (entry.stream().path().startsWith(KeyLayout.ENVIRONMENTS)
                        && PromotionCodec.step(entry.change()).isPresent());
        if (decides && stood > cited) {
            findings.error(
                    key,
                    "it was made at " + entry.time() + (cited == 0 ? " by no policy" : " by policy#" + cited)
                            + ", though policy#" + stood + " stood since "
                            + policies.get((int) stood - 1).entry().time());
        }
    }

    /** Whoever withdraws what met a retirement restores what stood before it, and nothing else. */
    private void checkRestored(Entry entry, long sequence, String type) {
        boolean withdrawn = entry.stream().path().startsWith(KeyLayout.ENVIRONMENTS) && type.equals("withdraw");
        Rollout restored = withdrawn ? Served.of(entry.state()).current() : null;
        if (restored == null) {
            return;
        }
        Rollout before = sequence < 3
                ? null
                : streams.log(entry.stream())
                        .require(sequence - 2, sequence)
                        .decode(e -> Served.of(e.state()))
                        .current();
        if (!restored.equals(before)) {
            throw new MalformedException("it withdraws to version " + restored.describe()
                    + ", which is not what stood before what it takes back");
        }
    }

    /** The newest policy that a decision must have been able to read; 0 for none. */
    private long standing(Entry entry) {
        long stood = 0;
        for (StoredEntry policy : policies) {
            if (Duration.between(policy.entry().time(), entry.time()).compareTo(LATEST) > 0) {
                stood = policy.sequence();
            }
        }
        return stood;
    }

    private List<UnmetRule> unmet(Entry entry, long sequence, String[] segments, String type, Rulebook book) {
        return switch (segments[0] + "/") {
            case KeyLayout.REVIEWS -> review(entry, segments, type, book);
            case KeyLayout.ENVIRONMENTS -> environment(entry, sequence, segments, type, book);
            default -> unmetRole(entry, segments, book);
        };
    }

    private static List<UnmetRule> unmetRole(Entry entry, String[] segments, Rulebook book) {
        if (UNDECIDED.contains(segments[0] + "/")) {
            return List.of();
        }
        return AccessRules.needed(Action.CREATE, KeyLayout.entry(entry.stream(), entry.sequence()))
                .map(role -> book.unmet(entry.actor(), role))
                .orElse(List.of());
    }

    private List<UnmetRule> review(Entry entry, String[] segments, String type, Rulebook book) {
        List<Review.Signature> approvals = Standing.approvals(entry.state());
        if (!type.equals(Constants.text(LifecycleMove.APPROVE)) || approvals.isEmpty()) {
            return unmetRole(entry, segments, book);
        }
        ModelVersion version = version(VersionId.of(segments[1], Long.parseLong(segments[2])));
        List<Review.Signature> given = approvals.subList(0, approvals.size() - 1);
        List<UnmetRule> unmet = ApprovalRules.unmet(book, version, given, approvals.get(given.size()));
        boolean enough = ApprovalRules.suffice(book, version, approvals);
        LifecycleState state = Fields.of(entry.state()).constant("state", LifecycleState.class);
        if (unmet.isEmpty() && enough != (state == LifecycleState.APPROVED)) {
            throw new MalformedException("with " + approvals.size() + " approvals the policy makes it "
                    + (enough ? LifecycleState.APPROVED : LifecycleState.IN_REVIEW) + ", and it says " + state);
        }
        return unmet;
    }

    private List<UnmetRule> environment(Entry entry, long sequence, String[] segments, String type, Rulebook book) {
        Place place = new Place(EnvironmentName.of(segments[1]), ModelName.of(segments[2]));
        List<UnmetRule> unmet = new ArrayList<>(unmetRole(entry, segments, book));
        Rollout rollout = Served.of(entry.state()).current();
        Optional<Promotion.Step> step = PromotionCodec.step(entry.change());
        if (rollout != null && (step.isPresent() || type.equals("roll-back"))) {
            Map<String, Long> seen = new HashMap<>(entry.seen());
            seen.put(entry.stream().path(), sequence - 1); // the chain says so, whatever it cites
            Reading reading = Reading.asSeen(streams, seen);
            Instant earliest = entry.time().isBefore(Instant.EPOCH)
                    ? entry.time()
                    : entry.time().minus(LATEST);
            PromotionRules rules = new PromotionRules(reading, this::version, place, book, earliest, entry.time());
            if (step.isEmpty()) {
                for (VersionId version : PromotionCheck.versionsOf(place, rollout)) {
                    reading.fetch(PromotionRules.streams(Rulebook.NONE, place, version));
                    unmet.addAll(rules.unmetToRestore(version(version)));
                }
                return unmet;
            }
            Rollout before = reading.tip(entry.stream()).decode(Served::of).current();
            for (VersionId version : PromotionCheck.gaining(place, step.get(), before, rollout)) {
                reading.fetch(PromotionRules.streams(book, place, version));
                unmet.addAll(rules.unmet(version(version)));
            }
        }
        return unmet;
    }

    private ModelVersion version(VersionId id) {
        if (id.number() > KeyLayout.MAX_SEQUENCE) {
            throw new MalformedException("no version has the number " + id.number());
        }
        return versions.computeIfAbsent(
                id,
                wanted -> streams.log(KeyLayout.versions(wanted.model()))
                        .require(wanted.number(), wanted.number())
                        .decode(entry -> VersionStore.describe(wanted.model(), entry)));
    }
}
