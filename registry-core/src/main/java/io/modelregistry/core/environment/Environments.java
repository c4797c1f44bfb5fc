package io.modelregistry.core.environment;

import io.modelregistry.Actor;
import io.modelregistry.ConflictException;
import io.modelregistry.EnvironmentName;
import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.OutcomeToken;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.Revision;
import io.modelregistry.Texts;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Names;
import io.modelregistry.core.log.Operation;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.policy.PolicyStore;
import io.modelregistry.core.policy.Reading;
import io.modelregistry.core.policy.Rulebook;
import io.modelregistry.core.review.Reviews;
import io.modelregistry.core.review.Standing;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.RulesUnmetException;
import io.modelregistry.policy.UnmetRule;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Changes what environments serve: the streams {@code environments/}. The comments name the actions of {@code docs/specs/Retire.tla}; a crash or an
 * unknown outcome at any step is Retire: PromoterDies, and what was under way then may still come: Retire: Arrive. Thread-safe.
 */
public final class Environments {
    private static final String TYPE = "type";

    private final Streams streams;
    private final VersionStore versions;
    private final Reviews reviews;
    private final PolicyStore policies;

    public Environments(Streams streams, VersionStore versions, Reviews reviews, PolicyStore policies) {
        this.streams = streams;
        this.versions = versions;
        this.reviews = reviews;
        this.policies = policies;
    }

    EventLog log(Place place) {
        return streams.log(place.stream());
    }

    /**
     * Serves a version to everybody.
     *
     * @param remembered the revision the caller last saw; used when the promotion names none
     */
    public Deployment promote(Place place, Promotion promotion, @Nullable Revision remembered, Actor actor) {
        Json.Obj change = Json.object()
                .put(TYPE, "promote")
                .put("version", promotion.version())
                .optional(
                        "expected",
                        promotion.expected() == null
                                ? null
                                : promotion.expected().sequence())
                .build();
        Operation operation = new Operation(
                change, actor, promotion.reason(), promotion.request().orElse(null));
        EventLog log = log(place);
        Revision asked = promotion.expected() == null ? remembered : promotion.expected();
        checkStream(place, asked);
        // a request may have been carried out by another process; without an expectation it is the present that counts
        boolean readFirst = operation.request() != null
                || log.cached().isEmpty()
                || (asked != null && log.cached().get().sequence() < asked.sequence());
        Tip start = readFirst ? log.read() : log.cached().get();
        Optional<StoredEntry> earlier = log.earlier(operation);
        if (earlier.isPresent()) { // Retire: Repeat
            if (earlier.get().sequence() == start.sequence()) {
                // whoever wrote it may have died before it looked
                withdrawIfRetiring(place, earlier.get(), actor);
            }
            return Deployments.of(earlier.get());
        }
        Reading reading = Reading.ofThePresent(streams);
        if (readFirst) {
            reading.know(start);
        }
        Rollout rollout = Rollout.of(promotion.version());
        // what is expected and what its rules rest on is one and the same look at the stream
        Set<StreamName> alongside = asked == null ? Set.of(place.stream()) : Set.of();
        Map<String, Long> seen = checkPromotable(place, rollout, actor, reading, alongside); // Retire: Ask, Check
        long expected = asked == null ? reading.tip(place.stream()).sequence() : asked.sequence();
        // Retire: Promote
        Tip tip = log.append(operation, List.of(), on -> {
            checkExpected(place, expected, on);
            return Optional.of(new Draft(Served.of(on).next(rollout), seen));
        });
        withdrawIfRetiring(place, newest(tip), actor);
        return Deployments.of(newest(tip));
    }

    /** Serves the newest earlier rollout that still may be served. */
    public Deployment rollback(Place place, String reason, @Nullable Revision remembered, Actor actor) {
        Operation operation = new Operation(
                Json.object().put(TYPE, "roll-back").build(), actor, Texts.line("reason", reason, 200), null);
        EventLog log = log(place);
        Rulebook book = policies.read();
        book.require(actor, Role.releaser(place.environment()), "Cannot roll back " + place);
        long expected = remembered == null ? log.read().sequence() : remembered.sequence();
        Tip tip = log.append(operation, List.of(), on -> {
            checkExpected(place, expected, on);
            Map<String, Long> seen = new TreeMap<>();
            Rollout target = rollbackTarget(place, on, book, seen);
            return Optional.of(new Draft(Served.of(on).next(target), seen));
        });
        withdrawIfRetiring(place, newest(tip), actor);
        return Deployments.of(newest(tip));
    }

    /** Serves nothing. */
    public Deployment withdraw(Place place, String reason, @Nullable Revision remembered, Actor actor) {
        EventLog log = log(place);
        Rulebook book = policyOrNone(actor, Role.releaser(place.environment()), "Cannot withdraw from " + place);
        long expected = remembered == null ? log.read().sequence() : remembered.sequence();
        Map<String, Long> seen = new TreeMap<>();
        book.cite(seen);
        return withdraw(place, expected, null, Texts.line("reason", reason, 200), actor, seen);
    }

    /** An environment that serves this version now; reads every one from the store. */
    public Optional<String> servedBy(VersionId version) {
        List<Callable<Optional<String>>> reads = new ArrayList<>();
        for (EnvironmentName environment :
                new Names(streams.store()).environments().toList()) {
            reads.add(() -> Served.of(
                            log(new Place(environment, version.model())).read())
                    .rollout()
                    .filter(r -> r.arms().stream().anyMatch(arm -> arm.version() == version.number()))
                    .map(r -> environment.value()));
        }
        return streams.parallel().call(reads).stream().flatMap(Optional::stream).findFirst();
    }

    /** Reads in parallel what a promotion rests on, and refuses versions that can't be served. Returns the positions read. */
    private Map<String, Long> checkPromotable(
            Place place, Rollout rollout, Actor actor, Reading reading, Set<StreamName> alongside) {
        Rulebook expected = expectedPolicy();
        Set<StreamName> names = new LinkedHashSet<>(alongside);
        names.add(KeyLayout.POLICY);
        List<Runnable> tasks = new ArrayList<>(List.of(log(place)::pinTip));
        for (VersionId version : versionsOf(place, rollout)) {
            names.addAll(PromotionRules.streams(expected, place, version));
            tasks.add(() -> versions.require(version));
        }
        reading.fetch(names, tasks);
        Rulebook book = Rulebook.of(reading.tip(KeyLayout.POLICY));
        PromotionRules rules = rules(place, reading, book);
        List<UnmetRule> unmet = new ArrayList<>(book.unmet(actor, Role.releaser(place.environment())));
        List<VersionId> served = versionsOf(place, rollout);
        reading.fetch(served.stream()
                .flatMap(version -> PromotionRules.streams(book, place, version).stream())
                .toList());
        served.forEach(version -> unmet.addAll(rules.unmet(versions.require(version))));
        if (!unmet.isEmpty()) {
            throw new RulesUnmetException("Cannot promote to " + place, unmet);
        }
        return positions(place, rollout, reading);
    }

    /** If the policy is what it was, all that its rules ask for is read at once. */
    private Rulebook expectedPolicy() {
        try {
            return streams.log(KeyLayout.POLICY).cached().map(Rulebook::of).orElse(Rulebook.NONE);
        } catch (UpgradeRequiredException | IntegrityException e) {
            return Rulebook.NONE; // it may have been replaced since
        }
    }

    private PromotionRules rules(Place place, Reading reading, Rulebook book) {
        // as precise as an entry's time, by which it will be judged again
        Instant now = streams.store().host().now().truncatedTo(ChronoUnit.MILLIS);
        return new PromotionRules(reading, versions::require, place, book, now, now);
    }

    private static Map<String, Long> positions(Place place, Rollout rollout, Reading reading) {
        Map<String, Long> seen = reading.positions();
        seen.remove(place.stream().path()); // the chain says what stood before
        rollout.arms()
                .forEach(arm -> seen.merge(KeyLayout.versions(place.model()).path(), arm.version(), Math::max));
        return seen;
    }

    private static List<VersionId> versionsOf(Place place, Rollout rollout) {
        return rollout.arms().stream()
                .map(arm -> new VersionId(place.model(), arm.version()))
                .distinct()
                .toList();
    }

    /** To serve nothing is the way out of everything: not even a policy that this release can't read stands in it. */
    private Rulebook policyOrNone(Actor actor, Role role, String what) {
        try {
            return policies.require(actor, role, what);
        } catch (UpgradeRequiredException | IntegrityException e) {
            return Rulebook.NONE;
        }
    }

    private Rollout rollbackTarget(Place place, Tip tip, Rulebook book, Map<String, Long> seen) {
        List<UnmetRule> skipped = new ArrayList<>();
        for (Rollout earlier : Served.of(tip).recent()) {
            Reading reading = Reading.ofThePresent(streams);
            PromotionRules rules = rules(place, reading, book);
            List<UnmetRule> obstacles = new ArrayList<>();
            for (VersionId version : versionsOf(place, earlier)) {
                reading.fetch(PromotionRules.streams(Rulebook.NONE, place, version));
                obstacles.addAll(rules.unmetToRestore(versions.require(version)));
                if (Standing.of(reading, version).state() == LifecycleState.DEPRECATED) {
                    obstacles.add(new UnmetRule(
                            Rule.STATE, version + " is DEPRECATED", "Reinstate it, or promote another version."));
                }
            }
            if (obstacles.isEmpty()) {
                seen.putAll(positions(place, earlier, reading));
                book.cite(seen);
                return earlier;
            }
            skipped.addAll(obstacles);
        }
        if (skipped.isEmpty()) {
            throw new InvalidRequestException("Cannot roll back " + place
                    + ": it has served nothing else. Promote a version instead; nothing was written");
        }
        throw new RulesUnmetException(
                "Cannot roll back " + place + ": of the last " + Served.MOST_RECENT
                        + " distinct rollouts none can be restored",
                skipped.stream().distinct().toList());
    }

    /**
     * The other half of a retirement: whoever writes second sees the first. Nothing here undoes the entry that stands. Who can't look doesn't say
     * that all is well: the retirement may have looked before the entry stood.
     */
    private void withdrawIfRetiring(Place place, StoredEntry written, Actor actor) {
        Optional<VersionId> retiring;
        try {
            retiring = retiring(place, Deployments.of(written)); // Retire: Look
        } catch (RegistryException e) {
            throw standsBut(
                    written,
                    "whether what it serves is being retired could not be read: " + e.getMessage()
                            + ". Look at the version's state; if it is RETIRING or RETIRED, promote another or withdraw it",
                    e);
        }
        if (retiring.isEmpty()) {
            return;
        }
        VersionId version = retiring.get();
        Revision revision = new Revision(written.entry().stream().path(), written.sequence());
        try {
            // Retire: Pick, Withdraw
            Deployment instead = withdraw(
                    place,
                    written.sequence(),
                    restorable(place, written.sequence()),
                    version + " is retired",
                    actor,
                    Map.of());
            if (retiring(place, instead).isPresent()) { // Retire: LookAgain
                withdraw(
                        place,
                        instead.revision().sequence(),
                        null,
                        "retired as well",
                        actor,
                        Map.of()); // Retire: Clear
            }
        } catch (ConflictException e) {
            // somebody else's change has already replaced it
        } catch (RegistryException e) {
            throw standsBut(
                    written,
                    "it serves " + version
                            + ", which was retired meanwhile, and it is not known to be withdrawn (see the"
                            + " cause). Promote another version, or withdraw it",
                    e);
        }
        throw new ConflictException(
                version + " was retired while " + place + " took it up; the change " + revision + " was withdrawn",
                log(place).cached().map(Tip::revision).orElse(revision));
    }

    private static OutcomeUnknownException standsBut(StoredEntry written, String what, RegistryException cause) {
        Entry entry = written.entry();
        return new OutcomeUnknownException(
                "The change " + new Revision(entry.stream().path(), entry.sequence()) + " stands, but " + what,
                new OutcomeToken(entry.stream().path(), entry.sequence(), entry.commit(), entry.request()),
                cause);
    }

    /** A version that a deployment serves and that is being retired or is retired. */
    private Optional<VersionId> retiring(Place place, Deployment deployment) {
        RegistryException failure = null;
        for (Arm arm : deployment.rollout().map(Rollout::arms).orElse(List.of())) {
            VersionId version = new VersionId(place.model(), arm.version());
            try {
                LifecycleState state = reviews.judged(version);
                if (state == LifecycleState.RETIRING || state == LifecycleState.RETIRED) {
                    return Optional.of(version);
                }
            } catch (RegistryException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return Optional.empty();
    }

    /** What was served before an entry, if it may still be served; null otherwise. */
    private @Nullable Rollout restorable(Place place, long sequence) {
        if (sequence == 1) {
            return null;
        }
        Optional<Rollout> before =
                log(place).entry(sequence - 1).flatMap(e -> Deployments.of(e).rollout());
        boolean promotable = before.map(Rollout::arms).orElse(List.of()).stream()
                .allMatch(arm -> reviews.standing(new VersionId(place.model(), arm.version()))
                        .state()
                        .isPromotable());
        return promotable ? before.orElse(null) : null;
    }

    private Deployment withdraw(
            Place place, long expected, @Nullable Rollout instead, String reason, Actor actor, Map<String, Long> seen) {
        Json.Obj change =
                Json.object().put(TYPE, "withdraw").put("expected", expected).build();
        Tip tip = log(place).append(new Operation(change, actor, reason, null), List.of(), on -> {
            checkExpected(place, expected, on);
            if (Served.of(on).rollout().isEmpty()) {
                throw new InvalidRequestException(
                        "Cannot withdraw from " + place + ": it serves nothing. Nothing was written");
            }
            return Optional.of(new Draft(Served.of(on).next(instead), seen));
        });
        return Deployments.of(newest(tip));
    }

    private static void checkStream(Place place, @Nullable Revision expected) {
        if (expected != null && !expected.stream().equals(place.stream().path())) {
            throw new InvalidRequestException("The revision " + expected + " is not one of " + place
                    + ", whose revisions are " + place.stream() + "#1 and so on. Nothing was written");
        }
    }

    private static void checkExpected(Place place, long expected, Tip tip) {
        if (tip.sequence() == expected) {
            return;
        }
        StoredEntry newest = tip.newest();
        String what = "it has no revision yet";
        if (newest != null) {
            Deployment last = Deployments.of(newest);
            String serves = last.rollout().map(r -> "version " + r.describe()).orElse("nothing");
            what = "since then " + last.actor() + " made it serve " + serves + " (revision " + tip.sequence() + ", "
                    + last.at() + (last.reason().isEmpty() ? ")" : ", \"" + last.reason() + "\")");
        }
        throw new ConflictException(
                "Cannot change " + place + ": revision " + expected + " was expected, but " + what
                        + ". Nothing was written",
                tip.sequence() == 0 ? null : tip.revision());
    }

    /** What an append left. */
    private static StoredEntry newest(Tip tip) {
        return Objects.requireNonNull(tip.newest());
    }
}
