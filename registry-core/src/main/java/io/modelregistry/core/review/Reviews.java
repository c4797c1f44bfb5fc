package io.modelregistry.core.review;

import io.modelregistry.Actor;
import io.modelregistry.ConflictException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.OutcomeToken;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.Texts;
import io.modelregistry.VersionId;
import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Operation;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.lifecycle.IllegalTransitionException;
import io.modelregistry.lifecycle.LifecycleMove;
import io.modelregistry.lifecycle.LifecycleState;
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

    public Reviews(Streams streams) {
        this.streams = streams;
    }

    /** Where a version stands; asks the store for both streams at once. */
    public Standing standing(VersionId version) {
        List<Callable<Tip>> reads = List.of(submissions(version)::read, reviews(version)::read);
        List<Tip> tips = streams.parallel().call(reads);
        return Standing.of(tips.get(0), tips.get(1));
    }

    /** Asks the store for the reviews alone: enough to see a retirement. */
    public LifecycleState judged(VersionId version) {
        Tip reviews = reviews(version).read();
        return Standing.of(Tip.empty(submissions(version).name()), reviews).state();
    }

    /** A contributor asks for review. */
    public LifecycleState submit(VersionId version, String reason, Actor actor) {
        EventLog log = submissions(version);
        log.append(operation(LifecycleMove.SUBMIT, reason, actor), List.of(reviews(version)::read), tip -> {
            Standing standing = Standing.of(tip, cached(reviews(version)));
            standing.state().after(version, LifecycleMove.SUBMIT, standing.before());
            Json.Obj state = Json.object().put("submission", tip.sequence() + 1).build();
            return Optional.of(new Draft(state, seen(version, standing.reviews())));
        });
        return LifecycleState.IN_REVIEW;
    }

    /** A reviewer's judgement. */
    public LifecycleState judge(VersionId version, LifecycleMove move, String reason, Actor actor) {
        return Standing.of(Tip.empty(submissions(version).name()), append(version, move, reason, actor, on -> {}))
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
        Standing standing = standing(version); // Retire: Begin
        if (standing.state() == LifecycleState.RETIRING) {
            return conclude(version, standing.reviews().sequence(), reason, actor, servedBy);
        }
        Tip begun;
        try {
            // Retire: Mark, unless the mark is there
            begun = append(version, LifecycleMove.BEGIN_RETIREMENT, reason, actor, on -> {});
        } catch (OutcomeUnknownException e) {
            OutcomeToken token = e.token();
            throw halfRetired(
                    version, "It is not known whether " + version + " is RETIRING", token.slot(), token.commit(), e);
        }
        try {
            return conclude(version, begun.sequence(), reason, actor, servedBy);
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
            VersionId version, long begun, String reason, Actor actor, Supplier<Optional<String>> servedBy) {
        Optional<String> environment = servedBy.get(); // Retire: Scan
        if (environment.isEmpty()) {
            // Retire: Finish
            append(version, LifecycleMove.FINISH_RETIREMENT, reason, actor, on -> checkBegun(version, begun, on));
            return LifecycleState.RETIRED;
        }
        String found = "served by " + environment.get(); // Retire: Abandon
        append(version, LifecycleMove.ABANDON_RETIREMENT, found, actor, on -> checkBegun(version, begun, on));
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

    private Tip append(VersionId version, LifecycleMove move, String reason, Actor actor, Consumer<Tip> check) {
        if (reason.isBlank() && move != LifecycleMove.APPROVE) {
            throw new InvalidRequestException("To " + move + " " + version + " needs a reason. Nothing was written");
        }
        EventLog log = reviews(version);
        return log.append(operation(move, reason, actor), List.of(submissions(version)::read), on -> {
            Standing standing = Standing.of(cached(submissions(version)), on);
            LifecycleState next = standing.state().after(version, move, standing.before());
            check.accept(on);
            return Optional.of(new Draft(standing.review(next), seen(version, standing.submissions())));
        });
    }

    /**
     * The first of the two entries stands, or may stand, so nothing may say that nothing was written. The token asks for the second: the first alone
     * isn't the change that was asked for.
     */
    private static OutcomeUnknownException halfRetired(
            VersionId version, String what, long first, String commit, RegistryException cause) {
        return new OutcomeUnknownException(
                what + " (see the cause). Retire it again: that carries on from there",
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

    private static Map<String, Long> seen(VersionId version, Tip other) {
        Map<String, Long> seen = new TreeMap<>();
        seen.put(KeyLayout.versions(version.model()).path(), version.number());
        if (other.sequence() > 0) {
            seen.put(other.stream().path(), other.sequence());
        }
        return seen;
    }
}
