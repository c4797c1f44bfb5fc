package io.modelregistry.testkit.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelregistry.AccessDeniedException;
import io.modelregistry.ConflictException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.LabelTakenException;
import io.modelregistry.NotFoundException;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.StoreFullException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.lifecycle.IllegalTransitionException;
import io.modelregistry.policy.RulesUnmetException;
import io.modelregistry.policy.UnmetRule;
import io.modelregistry.serving.LoadException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges refusals: each must have had its reason while the attempt ran. Nobody is told of a conflict, an illegal move, a missing version or a failing store that wasn't there.
 */
final class Refusals {
    private final Ledger ledger;
    private final Lives lives;
    private final NoteLaws noteLaws;
    private final ModelLaws modelLaws;

    Refusals(Ledger ledger, Lives lives, NoteLaws noteLaws) {
        this.ledger = ledger;
        this.lives = lives;
        this.noteLaws = noteLaws;
        this.modelLaws = new ModelLaws(ledger);
    }

    void check(Attempt attempt) {
        Throwable error = attempt.error;
        boolean justified;
        if (error instanceof StoreUnavailableException) {
            justified = attempt.ranOut || !attempt.disturbances.isEmpty();
        } else if (error instanceof OutcomeUnknownException) {
            // a registration stands, and a wrong clock keeps its label from being claimed
            justified = attempt.ranOut || !attempt.disturbances.isEmpty() || attempt.process.isSkewed();
        } else if (error instanceof AccessDeniedException) {
            justified = attempt.disturbances.contains("DENIED");
        } else if (error instanceof StoreFullException) {
            justified = attempt.disturbances.contains("FULL");
        } else if (error instanceof ConflictException conflict) {
            justified = isConflict(attempt, conflict);
        } else if (error instanceof LoadException) {
            justified = !attempt.disturbances.isEmpty();
        } else if (error instanceof NotFoundException) {
            justified = isMissing(attempt);
        } else if (error instanceof InvalidRequestException invalid) {
            justified = isInvalid(attempt, invalid);
        } else {
            justified = false; // nothing is damaged, stale or from a newer release here
        }
        if (!justified) {
            throw new Violation("refusal", attempt + " has no reason; it met " + attempt.disturbances, error);
        }
        noteLaws.checkRefused(attempt);
    }

    private boolean isConflict(Attempt attempt, ConflictException error) {
        Intent intent = attempt.intent;
        if (intent.kind() == Kind.HALT) {
            // it halts what it finds, and only a retirement is in its way
            return String.valueOf(error.getMessage()).contains("withdrawn");
        }
        if (intent.kind() == Kind.RETIRE) {
            return ledger.streams().stream()
                    .filter(s -> s.startsWith("environments/") && s.endsWith("/" + intent.model()))
                    .anyMatch(s -> served(s, attempt).anyMatch(v -> v == intent.version()));
        }
        long expected = attempt.expected >= 0 ? attempt.expected : ledger.countAt(intent.stream(), attempt.invoked);
        return ledger.count(intent.stream()) > expected || ledger.count(intent.stream()) < attempt.expected;
    }

    /** What an environment served at any moment of an attempt. */
    private LongStream served(String stream, Attempt attempt) {
        long first = Math.max(1, ledger.countAt(stream, attempt.invoked));
        return LongStream.rangeClosed(first, ledger.countAt(stream, attempt.returned))
                .flatMap(n -> {
                    LedgerEntry entry = ledger.entry(stream, n);
                    return entry.served() == 0
                            ? LongStream.of(0)
                            : entry.versions().stream().mapToLong(Long::longValue);
                });
    }

    /** Whether something can't be a step from what is served, at some moment of an attempt. */
    private boolean cannotFollow(Attempt attempt, Predicate<LedgerEntry> isUnfit) {
        String stream = attempt.intent.stream();
        long first = ledger.countAt(stream, attempt.invoked);
        return first == 0
                || LongStream.rangeClosed(first, ledger.countAt(stream, attempt.returned))
                        .mapToObj(n -> ledger.entry(stream, n))
                        .anyMatch(entry -> entry.served() == 0 || isUnfit.test(entry));
    }

    private boolean isMissing(Attempt attempt) {
        Intent intent = attempt.intent;
        if (intent.kind() == Kind.RESOLVE_STRONG
                || intent.kind() == Kind.RESOLVE_BOUNDED
                || intent.kind() == Kind.LEASE) {
            long since = switch (intent.kind()) {
                case LEASE -> attempt.process.leased(intent.stream());
                case RESOLVE_BOUNDED -> attempt.floor;
                default -> ledger.countAt(intent.stream(), attempt.invoked);
            };
            return since == 0
                    || LongStream.rangeClosed(since, ledger.countAt(intent.stream(), attempt.returned))
                            .anyMatch(n -> ledger.entry(intent.stream(), n).served() == 0);
        }
        long known = ledger.countAt(intent.stream(), attempt.invoked);
        if (intent.kind().isAboutModel()) {
            return known == 0;
        }
        return intent.version() > ledger.countAt(Paths.versions(intent.model()), attempt.invoked)
                || (intent.kind() == Kind.ERASE_NOTE && !noteLaws.isKnown(intent.stream(), known, intent.label()));
    }

    static boolean saysArchived(@Nullable Throwable error) {
        return error != null && String.valueOf(error.getMessage()).contains("it is archived");
    }

    private boolean isInvalid(Attempt attempt, InvalidRequestException error) {
        Intent intent = attempt.intent;
        if (attempt.process.isSkewed() && String.valueOf(error.getMessage()).contains("clock")) {
            return true;
        }
        if ((intent.kind() == Kind.REGISTER || intent.kind() == Kind.COPY) && saysArchived(error)) {
            return modelLaws.mayRefuse(attempt);
        }
        Set<String> states = states(attempt);
        if (error instanceof IllegalTransitionException illegal) {
            return states.contains(illegal.state().name());
        }
        if (error instanceof LabelTakenException) {
            return intent.label() != null && ledger.count(Paths.label(intent.model(), intent.label())) == 1;
        }
        if (error instanceof RulesUnmetException unmet && intent.kind() != Kind.ROLL_BACK) {
            return unmet.unmet().stream().allMatch(rule -> isUnmet(attempt, rule, states));
        }
        return switch (intent.kind()) {
            case WITHDRAW ->
                ledger.countAt(intent.stream(), attempt.invoked) == 0
                        || served(intent.stream(), attempt).anyMatch(v -> v == 0);
            case CANARY, SCHEDULE -> cannotFollow(attempt, e -> e.tried() > 0 || e.served() == intent.version());
            case RAMP ->
                cannotFollow(attempt, e -> e.tried() == 0 || (intent.content() == 0 && hasNoStepLeft(e, attempt)));
            case CONCLUDE -> cannotFollow(attempt, e -> !e.experiment().equals(Calls.EXPERIMENT + intent.content()));
            case COMPLETE, HALT -> cannotFollow(attempt, e -> e.tried() == 0);
            case ROLL_BACK -> hasNothingToRestore(attempt);
            default -> false;
        };
    }

    private static boolean hasNoStepLeft(LedgerEntry served, Attempt attempt) {
        return served.stepsDue(attempt.clockReturned) == served.plan().size();
    }

    /** The states that the version it is about may have been found in; of a step, the version that is tried. */
    private Set<String> states(Attempt attempt) {
        Intent intent = attempt.intent;
        boolean ofServed =
                intent.kind() == Kind.RAMP || intent.kind() == Kind.COMPLETE || intent.kind() == Kind.CONCLUDE;
        if (!ofServed && intent.kind() != Kind.EXPERIMENT) {
            return lives.states(intent.model(), intent.version(), attempt.invoked, attempt.returned);
        }
        Set<String> states = new TreeSet<>();
        if (!ofServed) {
            for (long version : new long[] {intent.version(), intent.content()}) {
                states.addAll(lives.states(intent.model(), version, attempt.invoked, attempt.returned));
            }
            return states;
        }
        served(intent.stream(), attempt)
                .filter(version -> version > 0)
                .forEach(version ->
                        states.addAll(lives.states(intent.model(), version, attempt.invoked, attempt.returned)));
        return states;
    }

    private boolean mayBeRestored(Attempt attempt, String state) {
        return Lives.isPromotable(state)
                && !state.equals(Lives.DEPRECATED)
                && rules(attempt).allMatch(rules -> rules.serves(attempt.intent.environment(), state));
    }

    private boolean mayBeRestored(Attempt attempt, JsonNode rollout) {
        for (JsonNode arm : rollout.path("arms")) {
            Set<String> states = lives.states(
                    attempt.intent.model(), arm.path("version").asLong(), attempt.invoked, attempt.returned);
            if (!states.stream().allMatch(s -> mayBeRestored(attempt, s))) {
                return false;
            }
        }
        return true;
    }

    /** At some moment of the attempt the rule wasn't met. */
    private boolean isUnmet(Attempt attempt, UnmetRule unmet, Set<String> states) {
        Intent intent = attempt.intent;
        String actor = attempt.process.toString();
        return switch (unmet.rule()) {
            case LIFECYCLE -> states.stream().anyMatch(s -> !Lives.isPromotable(s));
            case STATE ->
                rules(attempt).anyMatch(rules -> states.stream().anyMatch(s -> !rules.serves(intent.environment(), s)));
            case SELF_APPROVAL ->
                rules(attempt).anyMatch(rules -> !rules.registrantApproves())
                        && ledger.entry(Paths.versions(intent.model()), intent.version())
                                .json()
                                .path("actor")
                                .path("id")
                                .asText()
                                .equals(actor);
            case REPEATED_APPROVAL ->
                LongStream.rangeClosed(
                                Math.max(1, ledger.countAt(intent.stream(), attempt.invoked)),
                                ledger.countAt(intent.stream(), attempt.returned))
                        .anyMatch(n -> StreamLaws.approvers(ledger.entry(intent.stream(), n))
                                .contains(actor));
            default -> false;
        };
    }

    /** The rules that stood at any moment of an attempt. */
    private Stream<Rules> rules(Attempt attempt) {
        return LongStream.rangeClosed(
                        ledger.countAt(Paths.POLICY, attempt.invoked), ledger.countAt(Paths.POLICY, attempt.returned))
                .mapToObj(n -> Rules.of(ledger, n));
    }

    /** At some moment of the attempt no earlier rollout could be restored. */
    private boolean hasNothingToRestore(Attempt attempt) {
        String stream = attempt.intent.stream();
        long first = ledger.countAt(stream, attempt.invoked);
        return first == 0
                || LongStream.rangeClosed(first, ledger.countAt(stream, attempt.returned))
                        .anyMatch(n -> {
                            LedgerEntry entry = ledger.entry(stream, n);
                            for (JsonNode earlier : entry.state().path("recent")) {
                                if (StreamLaws.isWayBack(entry, earlier) && mayBeRestored(attempt, earlier)) {
                                    return false;
                                }
                            }
                            return true;
                        });
    }
}
