package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges each entry at the moment it comes into being, by what stands then: I7 (numbers), I8 (legal transitions, right states), I9 (only eligible versions are served), I12 (a
 * visible version is complete), I10 (approvals), I16 (rollbacks), I21 (compare-and-set: two releasers can't overwrite each other).
 */
final class StreamLaws {
    private static final int MOST_EARLIER = 15;
    private static final long ALL = 10_000;

    private final Ledger ledger;
    private final Lives lives;
    private final NoteLaws noteLaws;
    private final ModelLaws modelLaws;
    private final CopyLaws copyLaws;
    private final Set<String> blobs;
    private final Map<String, Intent> intents;

    /**
     * @param origins what stands in the registry that is copied from, at each of its moments
     * @param blobs the keys of all blobs that stand
     * @param intents by reason
     */
    StreamLaws(Ledger ledger, List<Ledger> origins, Set<String> blobs, Map<String, Intent> intents) {
        this.ledger = ledger;
        this.lives = new Lives(ledger);
        this.noteLaws = new NoteLaws(ledger);
        this.modelLaws = new ModelLaws(ledger);
        this.copyLaws = new CopyLaws(ledger, origins);
        this.blobs = blobs;
        this.intents = intents;
    }

    void check(LedgerEntry entry) {
        Intent intent = intents.get(entry.reason());
        switch (Paths.segment(entry.stream(), 0)) {
            case "versions" -> {
                checkVersion(entry);
                modelLaws.checkVersion(entry, intent);
                copyLaws.checkVersion(entry, intent);
            }
            case "labels" -> checkLabel(entry);
            case "submissions" -> checkSubmission(entry);
            case "reviews" -> checkReview(entry);
            case "environments" -> checkEnvironment(entry);
            case "policy" -> checkPolicy(entry);
            // what was measured is the registry's own verifier's business
            case "evaluations" -> {
                noteLaws.check(entry, intent);
                copyLaws.checkLater(entry, intent);
            }
            case "assessments" -> copyLaws.checkLater(entry, intent);
            case "models" -> modelLaws.check(entry, intent);
            default -> throw new Violation("I17", entry + ": nothing writes such a stream");
        }
    }

    private void checkVersion(LedgerEntry entry) {
        require(
                "I7",
                entry,
                "is version",
                entry.sequence(),
                entry.state().path("version").asLong());
        String model = Paths.segment(entry.stream(), 1);
        List<String> digests = new ArrayList<>();
        digests.add(entry.state().path("artifact").path("manifest").asText());
        entry.state()
                .path("artifact")
                .path("files")
                .forEach(f -> digests.add(f.path("sha256").asText()));
        for (String digest : digests) {
            require(
                    "I12",
                    entry,
                    "stands while its blob " + digest + " stands:",
                    true,
                    blobs.contains(Paths.blob(model, digest)));
        }
    }

    private void checkLabel(LedgerEntry entry) {
        String model = Paths.segment(entry.stream(), 1);
        long version = entry.state().path("version").asLong();
        require("I8", entry, "has the sequence", 1L, entry.sequence());
        require("I8", entry, "names a version that stands:", true, version <= ledger.count(Paths.versions(model)));
        String asked = ledger.entry(Paths.versions(model), version)
                .state()
                .path("label")
                .asText();
        require("I8", entry, "names a version that asked for", Paths.segment(entry.stream(), 2), asked);
    }

    private void checkSubmission(LedgerEntry entry) {
        String model = Paths.segment(entry.stream(), 1);
        long version = Long.parseLong(Paths.segment(entry.stream(), 2));
        long reviews = pinned(entry, Paths.reviews(model, version));
        String state = lives.state(model, version, entry.sequence() - 1, reviews);
        require("I8", entry, "was submitted from " + state + " legally:", true, Lives.maySubmit(state));
        require(
                "I8",
                entry,
                "is submission",
                entry.sequence(),
                entry.state().path("submission").asLong());
    }

    private void checkReview(LedgerEntry entry) {
        String model = Paths.segment(entry.stream(), 1);
        long version = Long.parseLong(Paths.segment(entry.stream(), 2));
        long submissions = pinned(entry, Paths.submissions(model, version));
        LedgerEntry last = entry.sequence() == 1 ? null : ledger.entry(entry.stream(), entry.sequence() - 1);
        String before = lives.state(model, version, submissions, entry.sequence() - 1);
        String back = last == null
                ? before
                : last.state().path("before").asText(before).toUpperCase(Locale.ROOT);
        String after = Lives.after(entry.change(), before, back);
        if (after == null) {
            throw new Violation("I8", entry + " isn't legal from " + before);
        }
        boolean enough = checkApprovals(entry, last, before, submissions);
        require("I8", entry, "leads from " + before + " to", enough ? after : Lives.IN_REVIEW, entry.judged());
        long judged = before.equals(Lives.RETIRING) && last != null
                ? last.state().path("submission").asLong()
                : submissions;
        require(
                "I8",
                entry,
                "judges submission",
                judged,
                entry.state().path("submission").asLong());
    }

    private void checkPolicy(LedgerEntry entry) {
        Intent intent = intents.get(entry.reason());
        if (intent != null) {
            require("I8", entry, "asks for", Rules.numbered(intent.content()), Rules.of(ledger, entry.sequence()));
        }
    }

    /** Who has approved so far is carried along; nobody counts twice, and the policy's number makes it approved. */
    private boolean checkApprovals(LedgerEntry entry, @Nullable LedgerEntry last, String before, long submissions) {
        List<String> people = last != null && (last.state().path("submission").asLong() == submissions || leaves(last))
                ? approvers(last)
                : new ArrayList<>();
        boolean enough = true;
        if (entry.change().equals("approve")) {
            Rules rules = Rules.of(ledger, pinned(entry, Paths.POLICY));
            String approver = entry.json().path("actor").path("id").asText();
            String model = Paths.segment(entry.stream(), 1);
            LedgerEntry version = ledger.entry(Paths.versions(model), Long.parseLong(Paths.segment(entry.stream(), 2)));
            String registrant = version.json().path("actor").path("id").asText();
            boolean own = registrant.equals(approver);
            require("I10", entry, "is a second approval by " + approver + ":", false, people.contains(approver));
            require("I10", entry, "is by the registrant against the rules:", false, own && !rules.registrantApproves());
            people.add(approver);
            long counted = people.stream()
                    .filter(person -> rules.registrantApproves() || !person.equals(registrant))
                    .count();
            enough = counted >= rules.approvals();
        } else if (entry.change().equals("reject")) {
            people.clear();
        }
        require("I10", entry, "carries the approvals of", people, approvers(entry));
        return enough || !before.equals(Lives.IN_REVIEW);
    }

    private static boolean leaves(LedgerEntry review) {
        return review.judged().equals(Lives.RETIRING) || review.judged().equals(Lives.RETIRED);
    }

    static List<String> approvers(LedgerEntry review) {
        List<String> people = new ArrayList<>();
        review.state().path("approvals").forEach(a -> people.add(a.path("actor").asText()));
        return people;
    }

    private void checkEnvironment(LedgerEntry entry) {
        LedgerEntry last = entry.sequence() == 1 ? null : ledger.entry(entry.stream(), entry.sequence() - 1);
        checkServed(entry, last);
        require("I8", entry, "remembers", after(last, entry), earlier(entry));
        requireExpected(entry);
    }

    private void checkServed(LedgerEntry entry, @Nullable LedgerEntry last) {
        long stable = last == null ? 0 : last.served();
        long tried = last == null ? 0 : last.tried();
        long share = last == null ? 0 : last.share();
        JsonNode change = entry.json().path("change");
        switch (entry.change()) {
            case "promote" -> {
                if (change.has("rollout")) {
                    JsonNode current = entry.state().path("current");
                    require("I8", entry, "serves", change.path("rollout"), current);
                } else {
                    requireServed(entry, change.path("version").asLong(), 0);
                }
                entry.versions().forEach(version -> requireEligible(entry, version));
            }
            case "canary" -> {
                require("I8", entry, "comes beside another:", 0L, tried);
                requireServed(entry, stable, change.path("version").asLong());
                require("I8", entry, "gives it", change.path("weight").asLong(), entry.share());
                JsonNode steps = entry.state().path("current").path("steps");
                require("I8", entry, "plans", change.path("steps"), steps);
                requireEligible(entry, entry.tried());
            }
            case "ramp" -> {
                requireServed(entry, stable, tried);
                require("I8", entry, "is a step from what was served:", true, last != null && tried > 0);
                requireStep(entry, Objects.requireNonNull(last));
                if (entry.share() > share && tried != stable) {
                    requireEligible(entry, entry.tried());
                }
            }
            case "complete" -> {
                requireServed(entry, tried, 0);
                requireEligibleForMore(entry, stable, share);
            }
            case "conclude" -> checkConcluded(entry, last);
            case "halt" -> requireServed(entry, stable, 0);
            case "roll-back" -> {
                String restored = LedgerEntry.arms(entry.state().path("current"));
                require(
                        "I16",
                        entry,
                        "restores one of " + earlier(last),
                        true,
                        earlier(last).contains(restored));
                boolean back = last != null && isWayBack(last, entry.state().path("current"));
                require("I16", entry, "leaves what came last:", true, back);
                entry.versions().forEach(version -> requireEligible(entry, version));
            }
            case "withdraw" -> {
                LedgerEntry before = entry.sequence() < 3 ? null : ledger.entry(entry.stream(), entry.sequence() - 2);
                boolean right = entry.served() == 0
                        || (before != null
                                && before.state()
                                        .path("current")
                                        .equals(entry.state().path("current")));
                require("I8", entry, "serves nothing, or what " + before + " served:", true, right);
            }
            default -> throw new Violation("I8", entry + ": nothing changes an environment so");
        }
    }

    private static void requireServed(LedgerEntry entry, long stable, long tried) {
        require("I8", entry, "serves", stable + " and tries " + tried, entry.served() + " and tries " + entry.tried());
        if (tried == 0) {
            require("I8", entry, "has the plan and experiment", "[]", entry.plan() + entry.experiment());
        }
    }

    /** A canary gets the share that was named, or the next that wasn't due by the writer's clock; either ends a schedule. */
    private void requireStep(LedgerEntry entry, LedgerEntry last) {
        JsonNode change = entry.json().path("change");
        if (change.has("weight")) {
            require("I8", entry, "gives it", change.path("weight").asLong(), entry.share());
        } else {
            int latest = last.stepsDue(Instant.parse(entry.json().path("time").asText()));
            Intent intent = intents.get(entry.reason());
            int earliest = intent == null
                    ? latest
                    : intent.attempts().stream()
                            .mapToInt(a -> last.stepsDue(a.clock))
                            .min()
                            .orElse(latest);
            boolean right = false;
            for (int step = earliest; step <= latest; step++) {
                right |= last.shareAfter(step + 1) == entry.share();
            }
            require("I8", entry, "takes the step that comes after those that are due:", true, right);
        }
        List<String> left = last.plan().stream()
                .filter(step -> !step.contains(" ") && Long.parseLong(step) > entry.share())
                .toList();
        require("I8", entry, "plans", left, entry.plan());
        require("I8", entry, "is of the experiment", last.experiment(), entry.experiment());
    }

    /** An experiment is concluded while it is under way, and by one conclusion. */
    private void checkConcluded(LedgerEntry entry, @Nullable LedgerEntry last) {
        JsonNode change = entry.json().path("change");
        String under = last == null ? "" : last.experiment();
        require(
                "concluded",
                entry,
                "concludes what was under way:",
                change.path("experiment").asText(),
                under);
        require("concluded", entry, "leaves the experiment", "", entry.experiment());
        LedgerEntry before = Objects.requireNonNull(last);
        if (!change.has("kept")) {
            require(
                    "concluded",
                    entry,
                    "tries",
                    before.tried() + " " + before.share(),
                    entry.tried() + " " + entry.share());
            requireServed(entry, before.served(), before.tried());
            return;
        }
        boolean treatment = change.path("kept").asText().equals("b");
        long kept = treatment ? before.tried() : before.served();
        requireServed(entry, kept, 0);
        requireEligibleForMore(entry, before.served(), before.share());
    }

    /** Whether a rollout has none of the versions that came with what is served. */
    static boolean isWayBack(LedgerEntry served, JsonNode rollout) {
        long came = served.tried() > 0 ? served.tried() : served.served();
        for (JsonNode arm : rollout.path("arms")) {
            if (arm.path("version").asLong() == came) {
                return false;
            }
        }
        return true;
    }

    /** The version was promotable by what the writer had read, and the writer had read what stood when it began. */
    private void requireEligible(LedgerEntry entry, long version) {
        String model = Paths.segment(entry.stream(), 2);
        require(
                "I9",
                entry,
                "serves a version that stands:",
                true,
                version >= 1 && version <= ledger.count(Paths.versions(model)));
        long submissions = pinned(entry, Paths.submissions(model, version));
        long reviews = pinned(entry, Paths.reviews(model, version));
        String state = lives.state(model, version, submissions, reviews);
        require("I9", entry, "serves a version in " + state + " legally:", true, Lives.isPromotable(state));
        Rules rules = Rules.of(ledger, pinned(entry, Paths.POLICY));
        String environment = Paths.segment(entry.stream(), 1);
        require(
                "I10",
                entry,
                "serves a version in " + state + " by the policy:",
                true,
                rules.serves(environment, state));
        boolean restored = entry.change().equals("roll-back");
        require("I16", entry, "restores a deprecated version:", false, restored && state.equals(Lives.DEPRECATED));
    }

    /** What is served to everybody was eligible, unless it was before. */
    private void requireEligibleForMore(LedgerEntry entry, long stable, long share) {
        if (entry.served() != stable && share < ALL) {
            requireEligible(entry, entry.served());
        }
    }

    /** What was pinned stood by then, and is no older than what stood when the writer began. */
    private long pinned(LedgerEntry entry, String stream) {
        long pin = entry.seen(stream);
        Intent intent = intents.get(entry.reason());
        long since = intent == null ? 0 : intent.attempts().get(0).invoked;
        long low = ledger.countAt(stream, since);
        if (pin < low || pin > ledger.count(stream)) {
            throw new Violation(
                    "I9",
                    entry + " rests on entry " + pin + " of " + stream + ", where " + low + " to "
                            + ledger.count(stream) + " stood meanwhile");
        }
        return pin;
    }

    /** Nobody else's change came between what the writer expected and its own. */
    private void requireExpected(LedgerEntry entry) {
        Intent intent = intents.get(entry.reason());
        long before = entry.sequence() - 1;
        if (intent != null
                && intent.attempts().stream()
                        .noneMatch(a -> a.expected >= 0
                                ? a.expected == before
                                : ledger.countAt(entry.stream(), a.invoked) <= before)) {
            throw new Violation(
                    "I21",
                    entry + " came after entry " + before + ", which none of these expected: "
                            + intent.attempts().stream()
                                    .map(a -> a + " expected " + a.expected)
                                    .toList());
        }
    }

    /** The versions of the earlier rollouts that an entry remembers. */
    private static List<String> earlier(@Nullable LedgerEntry entry) {
        List<String> rollouts = new ArrayList<>();
        if (entry != null) {
            entry.state().path("recent").forEach(r -> rollouts.add(LedgerEntry.arms(r)));
        }
        return rollouts;
    }

    /** What an entry has to remember after serving something else; the steps of a canary are one. */
    private static List<String> after(@Nullable LedgerEntry last, LedgerEntry entry) {
        List<String> rollouts = earlier(last);
        if (last != null && last.served() > 0) {
            String served = LedgerEntry.arms(last.state().path("current"));
            rollouts.remove(served);
            rollouts.add(0, served);
        }
        rollouts.remove(LedgerEntry.arms(entry.state().path("current")));
        return rollouts.subList(0, Math.min(rollouts.size(), MOST_EARLIER));
    }
}
