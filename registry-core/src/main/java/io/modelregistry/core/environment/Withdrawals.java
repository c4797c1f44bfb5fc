package io.modelregistry.core.environment;

import io.modelregistry.Actor;
import io.modelregistry.ConflictException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.OutcomeToken;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.Revision;
import io.modelregistry.VersionId;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.Operation;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.review.Reviews;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.LifecycleState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of service what is served, because somebody wants it or because it is being retired. The comments name the actions of
 * {@code docs/specs/Retire.tla}. Thread-safe.
 */
final class Withdrawals {
    private final Streams streams;
    private final Reviews reviews;

    Withdrawals(Streams streams, Reviews reviews) {
        this.streams = streams;
        this.reviews = reviews;
    }

    /**
     * The other half of a retirement: whoever writes second sees the first. Nothing here undoes the entry that stands. Who can't look doesn't say
     * that all is well: the retirement may have looked before the entry stood.
     */
    void ifRetiring(Place place, StoredEntry written, Actor actor) {
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

    /** @param instead what is served from here on; null for nothing */
    Deployment withdraw(
            Place place, long expected, @Nullable Rollout instead, String reason, Actor actor, Map<String, Long> seen) {
        Json.Obj change = Json.object()
                .put(PromotionCodec.TYPE, PromotionCodec.WITHDRAW)
                .put("expected", expected)
                .build();
        Tip tip = log(place).append(new Operation(change, actor, reason, null), List.of(), on -> {
            Expectation.check(place, expected, on);
            if (Served.of(on).rollout().isEmpty()) {
                throw new InvalidRequestException(
                        "Cannot withdraw from " + place + ": it serves nothing. Nothing was written");
            }
            return Optional.of(new Draft(Served.of(on).next(instead), seen));
        });
        return Deployments.of(newest(tip));
    }

    private EventLog log(Place place) {
        return streams.log(place.stream());
    }

    private static StoredEntry newest(Tip tip) {
        return Objects.requireNonNull(tip.newest());
    }
}
