package io.modelregistry.core.review;

import io.modelregistry.Actor;
import io.modelregistry.ConflictException;
import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.OutcomeToken;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.Texts;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Operation;
import io.modelregistry.core.log.Past;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.TimeTravel;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.policy.PolicyStore;
import io.modelregistry.core.policy.Rulebook;
import io.modelregistry.environment.ServedAt.Certainty;
import io.modelregistry.lifecycle.Approval;
import io.modelregistry.lifecycle.IllegalTransitionException;
import io.modelregistry.lifecycle.LifecycleMove;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.lifecycle.Review;
import io.modelregistry.lifecycle.StateAt;
import io.modelregistry.policy.RulesUnmetException;
import io.modelregistry.policy.UnmetRule;
import io.modelregistry.version.ModelVersion;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The lives of versions: the streams {@code submissions/} and {@code reviews/}. Thread-safe. */
public final class Reviews {
    private final Streams streams;
    private final PolicyStore policies;

    public Reviews(Streams streams, PolicyStore policies) {
        this.streams = streams;
        this.policies = policies;
    }

    /** Where the review of a version stands; asks the store. */
    public Review review(VersionId version) {
        return standing(version).review();
    }

    /** Where a version stands; asks the store for both streams at once. */
    public Standing standing(VersionId version) {
        List<Callable<Tip>> reads = List.of(submissions(version)::read, reviews(version)::read);
        List<Tip> tips = streams.parallel().call(reads);
        return Standing.of(tips.get(0), tips.get(1));
    }

    /** Where a version that stands today stood at an instant of the store's clock. */
    public StateAt asOf(VersionId version, Instant instant) {
        TimeTravel travel = new TimeTravel(streams);
        List<Callable<Past>> reads = List.of(
                () -> travel.asOf(KeyLayout.versions(version.model()), version.number(), instant),
                () -> travel.asOf(KeyLayout.submissions(version), instant),
                () -> travel.asOf(KeyLayout.reviews(version), instant));
        List<Past> pasts = streams.parallel().call(reads);
        Past registered = pasts.get(0);
        if (registered.tip().sequence() == 0) {
            return new StateAt(instant, null, registered.certainty());
        }
        Past submissions = pasts.get(1);
        Past reviews = pasts.get(2);
        Certainty certainty =
                Collections.max(List.of(registered.certainty(), submissions.certainty(), reviews.certainty()));
        return new StateAt(
                instant, Standing.of(submissions.tip(), reviews.tip()).state(), certainty);
    }

    /** Asks the store for the reviews alone: enough to see a retirement. */
    public LifecycleState judged(VersionId version) {
        Tip reviews = reviews(version).read();
        return Standing.of(Tip.empty(submissions(version).name()), reviews).state();
    }

    /** A contributor asks for review. */
    public LifecycleState submit(VersionId version, String reason, Actor actor) {
        Rulebook book = policies.require(actor, Role.CONTRIBUTOR, "Cannot submit " + version);
        EventLog log = submissions(version);
        log.append(operation(LifecycleMove.SUBMIT, reason, actor), List.of(reviews(version)::read), tip -> {
            Standing standing = Standing.of(tip, cached(reviews(version)));
            standing.state().after(version, LifecycleMove.SUBMIT, standing.before());
            Json.Obj state = Json.object().put("submission", tip.sequence() + 1).build();
            return Optional.of(new Draft(state, seen(version, standing.reviews(), book)));
        });
        return LifecycleState.IN_REVIEW;
    }

    /** One more approval of the newest submission; APPROVED when the policy then has all it asks for. */
    public LifecycleState approve(ModelVersion version, Approval approval, Actor actor) {
        VersionId id = version.id();
        Digest manifest = approval.manifest() == null ? version.artifact().manifest() : approval.manifest();
        Json.Obj change = SignatureCodec.facts(
                        Json.object().put("type", Constants.text(LifecycleMove.APPROVE)),
                        approval.meaning(),
                        manifest,
                        approval.printedName(),
                        approval.authenticatedAt())
                .build();
        List<Runnable> checks = List.of(submissions(id)::read, policies::read);
        Tip tip = reviews(id).append(new Operation(change, actor, approval.reason(), null), checks, on -> {
            Standing standing = Standing.of(cached(submissions(id)), on);
            standing.state().after(id, LifecycleMove.APPROVE, standing.before());
            Rulebook book = policies.cached();
            Review.Signature signature = new Review.Signature(
                    actor,
                    approval.meaning(),
                    manifest,
                    approval.printedName(),
                    approval.authenticatedAt(),
                    streams.store().host().now().truncatedTo(ChronoUnit.MILLIS));
            List<UnmetRule> unmet = ApprovalRules.unmet(book, version, standing.approvals(), signature);
            if (!unmet.isEmpty()) {
                throw new RulesUnmetException("Cannot approve " + id, unmet);
            }
            List<Review.Signature> approvals = new ArrayList<>(standing.approvals());
            approvals.add(signature);
            boolean enough = ApprovalRules.suffice(book, version, approvals);
            return Optional.of(new Draft(
                    standing.next(enough ? LifecycleState.APPROVED : LifecycleState.IN_REVIEW, approvals),
                    seen(id, standing.submissions(), book)));
        });
        return Standing.of(Tip.empty(submissions(id).name()), tip).state();
    }

    /** A reviewer's judgement other than an approval. */
    public LifecycleState judge(VersionId version, LifecycleMove move, String reason, Actor actor) {
        Rulebook book = reviewer(version, move, actor);
        return Standing.of(Tip.empty(submissions(version).name()), append(version, move, reason, actor, book, on -> {}))
                .state();
    }

    /**
     * Takes a version out of use: says so first, then looks whether an environment serves it, while every promotion looks at the reviews after its own
     * entry; so one of the two sees the other. Carries on where a crash left off. The comments name the actions of {@code docs/specs/Retire.tla}; a
     * crash or an unknown outcome at any step is Retire: RetirerDies.
     *
     * @param servedBy names an environment that serves the version; reads them all from the store
     * @throws OutcomeUnknownException also when the retirement was begun and then could be neither finished nor abandoned
     */
    public LifecycleState retire(VersionId version, String reason, Actor actor, Supplier<Optional<String>> servedBy) {
        Rulebook book = reviewer(version, LifecycleMove.BEGIN_RETIREMENT, actor);
        Standing standing = standing(version); // Retire: Begin
        if (standing.state() == LifecycleState.RETIRING) {
            return conclude(version, standing.reviews().sequence(), reason, actor, book, servedBy);
        }
        Tip begun;
        try {
            // Retire: Mark, unless the mark is there
            begun = append(version, LifecycleMove.BEGIN_RETIREMENT, reason, actor, book, on -> {});
        } catch (OutcomeUnknownException e) {
            OutcomeToken token = e.token();
            throw halfRetired(
                    version, "It is not known whether " + version + " is RETIRING", token.slot(), token.commit(), e);
        }
        try {
            return conclude(version, begun.sequence(), reason, actor, book, servedBy);
        } catch (ConflictException | IllegalTransitionException | OutcomeUnknownException e) {
            throw e;
        } catch (RegistryException e) {
            String commit = Objects.requireNonNull(begun.newest()).entry().commit();
            throw halfRetired(
                    version,
                    version
                            + " is RETIRING, so that no environment can take it up, and it is not known whether one serves it already",
                    begun.sequence(),
                    commit,
                    e);
        }
    }

    private LifecycleState conclude(
            VersionId version,
            long begun,
            String reason,
            Actor actor,
            Rulebook book,
            Supplier<Optional<String>> servedBy) {
        Optional<String> environment = servedBy.get(); // Retire: Scan
        if (environment.isEmpty()) {
            // Retire: Finish
            append(version, LifecycleMove.FINISH_RETIREMENT, reason, actor, book, on -> checkBegun(version, begun, on));
            return LifecycleState.RETIRED;
        }
        String found = "served by " + environment.get(); // Retire: Abandon
        append(version, LifecycleMove.ABANDON_RETIREMENT, found, actor, book, on -> checkBegun(version, begun, on));
        throw new ConflictException(
                "Cannot retire " + version + ": environment " + environment.get()
                        + " serves it. Promote another version there first, or withdraw it",
                null);
    }

    /**
     * What the environments served was read while one entry said that the version is being retired. Once that entry is taken back, promotions are let
     * through again, so what was read says nothing about a retirement that was begun later.
     */
    private static void checkBegun(VersionId version, long begun, Tip on) {
        if (on.sequence() != begun) {
            throw new ConflictException(
                    "Cannot retire " + version + ": its retirement was taken back and begun again meanwhile ("
                            + on.revision() + "). Look again, and retire it again if it still should be",
                    on.revision());
        }
    }

    private Rulebook reviewer(VersionId version, LifecycleMove move, Actor actor) {
        return policies.require(actor, Role.REVIEWER, "Cannot " + move + " " + version);
    }

    private Tip append(
            VersionId version, LifecycleMove move, String reason, Actor actor, Rulebook book, Consumer<Tip> check) {
        if (reason.isBlank()) {
            throw new InvalidRequestException("To " + move + " " + version + " needs a reason. Nothing was written");
        }
        EventLog log = reviews(version);
        return log.append(operation(move, reason, actor), List.of(submissions(version)::read), on -> {
            Standing standing = Standing.of(cached(submissions(version)), on);
            LifecycleState next = standing.state().after(version, move, standing.before());
            check.accept(on);
            return Optional.of(new Draft(standing.next(next), seen(version, standing.submissions(), book)));
        });
    }

    /**
     * The first of the two entries stands, or may stand, so nothing may say that nothing was written. The token asks for the second: the first alone
     * isn't the change that was asked for.
     */
    private static OutcomeUnknownException halfRetired(
            VersionId version, String what, long first, String commit, RegistryException cause) {
        return new OutcomeUnknownException(
                what + " (see " + KeyLayout.reviews(version)
                        + " and the cause). Retire it again: that carries on from there",
                new OutcomeToken(KeyLayout.reviews(version).path(), first + 1, commit, null),
                cause);
    }

    private EventLog submissions(VersionId version) {
        return streams.log(KeyLayout.submissions(version));
    }

    private EventLog reviews(VersionId version) {
        return streams.log(KeyLayout.reviews(version));
    }

    private static Tip cached(EventLog log) {
        return log.cached().orElseGet(log::read);
    }

    private static Operation operation(LifecycleMove move, String reason, Actor actor) {
        Json.Obj change = Json.object().put("type", Constants.text(move)).build();
        return new Operation(change, actor, Texts.line("reason", reason, 200), null);
    }

    private static Map<String, Long> seen(VersionId version, Tip other, Rulebook book) {
        Map<String, Long> seen = new TreeMap<>();
        seen.put(KeyLayout.versions(version.model()).path(), version.number());
        if (other.sequence() > 0) {
            seen.put(other.stream().path(), other.sequence());
        }
        book.cite(seen);
        return seen;
    }
}
