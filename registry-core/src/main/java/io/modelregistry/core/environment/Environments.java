package io.modelregistry.core.environment;

import io.modelregistry.Actor;
import io.modelregistry.EnvironmentName;
import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Revision;
import io.modelregistry.Texts;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.EventLog;
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
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import java.util.ArrayList;
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
    private final Streams streams;
    private final PolicyStore policies;
    private final PromotionCheck check;
    private final Restoration restoration;
    private final Withdrawals withdrawals;

    public Environments(Streams streams, VersionStore versions, Reviews reviews, PolicyStore policies) {
        this.streams = streams;
        this.policies = policies;
        this.check = new PromotionCheck(streams, versions);
        this.restoration = new Restoration(streams, versions, check);
        this.withdrawals = new Withdrawals(streams, reviews);
    }

    EventLog log(Place place) {
        return streams.log(place.stream());
    }

    /**
     * Gives a version more of the traffic.
     *
     * @param remembered the revision the caller last saw; used when the promotion names none
     */
    public Deployment promote(Place place, Promotion promotion, @Nullable Revision remembered, Actor actor) {
        Operation operation = new Operation(
                PromotionCodec.encode(promotion),
                actor,
                promotion.reason(),
                promotion.request().orElse(null));
        EventLog log = log(place);
        Revision asked = promotion.expected() == null ? remembered : promotion.expected();
        Expectation.checkStream(place, asked);
        // a request may have been carried out by another process; without an expectation it is the present that counts,
        // and
        // a step needs to know what it is a step from
        boolean relative = !(promotion.step() instanceof Promotion.Serve);
        boolean readFirst = relative
                || operation.request() != null
                || log.cached().isEmpty()
                || (asked != null && log.cached().get().sequence() < asked.sequence());
        Tip start = readFirst ? log.read() : log.cached().get();
        Optional<StoredEntry> earlier = log.earlier(operation);
        if (earlier.isPresent()) { // Retire: Repeat
            if (earlier.get().sequence() == start.sequence()) {
                // whoever wrote it may have died before it looked
                withdrawals.ifRetiring(place, earlier.get(), actor);
            }
            return Deployments.of(earlier.get());
        }
        if (asked != null && relative) {
            Expectation.check(place, asked.sequence(), start);
        }
        Reading reading = Reading.ofThePresent(streams);
        if (readFirst) {
            reading.know(start);
        }
        Rollout before = Served.of(start).current();
        Rollout rollout = after(place, promotion.step(), before);
        TextsOfRollouts.check(streams.guard(), rollout);
        // what is expected and what its rules rest on is one and the same look at the stream
        Set<StreamName> alongside = asked == null ? Set.of(place.stream()) : Set.of();
        Set<VersionId> gaining = PromotionCheck.gaining(place, promotion.step(), before, rollout);
        // Retire: Ask, Check
        Map<String, Long> seen = check.check(place, rollout, gaining, actor, reading, alongside);
        long expected = asked == null ? reading.tip(place.stream()).sequence() : asked.sequence();
        // Retire: Promote
        Tip tip = log.append(operation, List.of(), on -> {
            Expectation.check(place, expected, on);
            return Optional.of(new Draft(Served.of(on).next(rollout), seen));
        });
        withdrawals.ifRetiring(place, newest(tip), actor);
        return Deployments.of(newest(tip));
    }

    private Rollout after(Place place, Promotion.Step step, @Nullable Rollout served) {
        try {
            return step.after(served, streams.store().host().now());
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(
                    "Cannot change what " + place + " serves: " + e.getMessage() + ". Nothing was written", e);
        }
    }

    /** Serves the stable arm to everybody, whatever is under way by then. */
    public Deployment halt(Place place, String reason, Actor actor) {
        Operation operation = new Operation(
                Json.object().put(PromotionCodec.TYPE, PromotionCodec.HALT).build(),
                actor,
                Texts.line("reason", reason, 200),
                null);
        EventLog log = log(place);
        Rulebook book = policyOrNone(actor, Role.releaser(place.environment()), "Cannot halt " + place);
        Map<String, Long> seen = new TreeMap<>();
        book.cite(seen);
        log.read(); // what this process knew may be long over
        Tip tip = log.append(operation, List.of(), on -> {
            Served served = Served.of(on);
            return Optional.of(new Draft(served.next(halted(place, served.current())), seen));
        });
        withdrawals.ifRetiring(place, newest(tip), actor);
        return Deployments.of(newest(tip));
    }

    private static Rollout halted(Place place, @Nullable Rollout served) {
        if (served == null) {
            throw new InvalidRequestException("Cannot halt " + place + ": it serves nothing. Nothing was written");
        }
        try {
            return served.halt();
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(
                    "Cannot halt " + place + ": " + e.getMessage() + ". Nothing was written", e);
        }
    }

    /** Serves the newest earlier rollout that still may be served. */
    public Deployment rollback(Place place, String reason, @Nullable Revision remembered, Actor actor) {
        Operation operation = new Operation(
                Json.object().put(PromotionCodec.TYPE, PromotionCodec.ROLL_BACK).build(),
                actor,
                Texts.line("reason", reason, 200),
                null);
        EventLog log = log(place);
        Rulebook book = policies.read();
        book.require(actor, Role.releaser(place.environment()), "Cannot roll back " + place);
        long expected = remembered == null ? log.read().sequence() : remembered.sequence();
        Tip tip = log.append(operation, List.of(), on -> {
            Expectation.check(place, expected, on);
            Map<String, Long> seen = new TreeMap<>();
            Rollout target = restoration.target(place, on, book, seen);
            return Optional.of(new Draft(Served.of(on).next(target), seen));
        });
        withdrawals.ifRetiring(place, newest(tip), actor);
        return Deployments.of(newest(tip));
    }

    /** Serves nothing. */
    public Deployment withdraw(Place place, String reason, @Nullable Revision remembered, Actor actor) {
        EventLog log = log(place);
        Rulebook book = policyOrNone(actor, Role.releaser(place.environment()), "Cannot withdraw from " + place);
        long expected = remembered == null ? log.read().sequence() : remembered.sequence();
        Map<String, Long> seen = new TreeMap<>();
        book.cite(seen);
        return withdrawals.withdraw(place, expected, null, Texts.line("reason", reason, 200), actor, seen);
    }

    /** An environment that serves this version now; reads every one from the store. */
    public Optional<String> servedBy(VersionId version) {
        List<Callable<Optional<String>>> reads = new ArrayList<>();
        for (EnvironmentName environment :
                new Names(streams.store()).environments().toList()) {
            reads.add(
                    () -> Served.of(log(new Place(environment, version.model())).read())
                            .rollout()
                            .filter(r -> r.names(version.number()))
                            .map(r -> environment.value()));
        }
        return streams.parallel().call(reads).stream().flatMap(Optional::stream).findFirst();
    }

    /** To serve nothing is the way out of everything: not even a policy that this release can't read stands in it. */
    private Rulebook policyOrNone(Actor actor, Role role, String what) {
        try {
            return policies.require(actor, role, what);
        } catch (UpgradeRequiredException | IntegrityException e) {
            return Rulebook.NONE;
        }
    }

    /** What an append left. */
    private static StoredEntry newest(Tip tip) {
        return Objects.requireNonNull(tip.newest());
    }
}
