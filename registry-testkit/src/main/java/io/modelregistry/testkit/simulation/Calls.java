package io.modelregistry.testkit.simulation;

import io.modelregistry.Actor;
import io.modelregistry.CopyRequest;
import io.modelregistry.Model;
import io.modelregistry.ModelName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NoteId;
import io.modelregistry.Revision;
import io.modelregistry.Version;
import io.modelregistry.VersionId;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Canary;
import io.modelregistry.environment.Conclusion;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.environment.Share;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns an intent into a call of the registry. */
final class Calls {
    /** What the ids of experiments begin with; a number follows. */
    static final String EXPERIMENT = "x";

    /** What follows a name in a note. */
    static final String NOTED = " disagrees, and so does Mrs Curie";

    /** By their numbers, of which a transfer has one. */
    static final List<List<String>> OWNERS = List.of(List.of("o1"), List.of("o2"), List.of("o2", "o1"));

    private Calls() {}

    /** Makes the call; the position in the stream that it returned, or 0 where it returns none. */
    static long make(Attempt attempt) {
        Intent intent = attempt.intent;
        if (intent.kind() == Kind.POLL) {
            attempt.process.goOn();
            return 0;
        }
        Model model = attempt.process.registry().model(intent.model());
        return switch (intent.kind()) {
            case LATEST -> model.latest().map(v -> v.id().number()).orElse(0L);
            case REGISTER -> registered(attempt, model.register(registration(intent)));
            case FEED -> fed(attempt);
            case ARCHIVE -> answered(attempt, model.archive(intent.reason()));
            case RESTORE -> answered(attempt, model.restore(intent.reason()));
            case TRANSFER -> answered(attempt, model.transfer(actors(intent), intent.reason()));
            case COPY -> registered(attempt, model.copyFrom(copy(attempt)));
            case INFO -> answered(attempt, model.info().orElse(null));
            case STATE, SUBMIT, APPROVE, REJECT, DEPRECATE, REINSTATE, RETIRE, EVALUATE, NOTES, ADD_NOTE, ERASE_NOTE ->
                ofVersion(attempt, model.version(intent.version()));
            case POLL -> throw new IllegalArgumentException(intent + " is about no model");
            case SET_POLICY ->
                attempt.process
                        .registry()
                        .policy()
                        .set(Rules.numbered(intent.content()).policy(), intent.reason())
                        .revision()
                        .sequence();
            case CURRENT, RESOLVE_STRONG, RESOLVE_BOUNDED, LEASE, HISTORY, AS_OF, ROLL_BACK, WITHDRAW, HALT ->
                ofEnvironment(attempt, Objects.requireNonNull(attempt.handle));
            case PROMOTE, CANARY, SCHEDULE, EXPERIMENT, RAMP, COMPLETE, CONCLUDE ->
                ofEnvironment(attempt, Objects.requireNonNull(attempt.handle));
        };
    }

    private static long registered(Attempt attempt, ModelVersion version) {
        attempt.answer = version;
        return version.id().number();
    }

    private static long answered(Attempt attempt, @Nullable Object answer) {
        attempt.answer = answer;
        return 0;
    }

    private static long fed(Attempt attempt) {
        ModelRegistry registry = attempt.process.registry();
        int most = attempt.intent.content();
        attempt.answer = most == 0
                ? registry.position()
                : registry.changes(attempt.process.reading().position(), most);
        return 0;
    }

    private static long ofVersion(Attempt attempt, Version version) {
        Intent intent = attempt.intent;
        String reason = intent.reason();
        attempt.answer = switch (intent.kind()) {
            case STATE -> version.state();
            case SUBMIT -> version.submit(reason);
            case APPROVE -> version.approve(reason);
            case REJECT -> version.reject(reason);
            case DEPRECATE -> version.deprecate(reason);
            case REINSTATE -> version.reinstate(reason);
            case RETIRE -> version.retire(reason);
            case NOTES -> version.notes();
            case ADD_NOTE -> version.addNote(reason + NOTED);
            case ERASE_NOTE -> {
                version.eraseNote(NoteId.of(Objects.requireNonNull(intent.label())), reason);
                yield null;
            }
            default -> {
                Evaluation evaluation = Evaluation.of(reason, Metric.higherIsBetter("auc", intent.id() / 1_000.0));
                version.evaluate(intent.request() == null ? evaluation : evaluation.request(intent.request()));
                yield null;
            }
        };
        return 0;
    }

    private static long ofEnvironment(Attempt attempt, Handle handle) {
        Intent intent = attempt.intent;
        return switch (intent.kind()) {
            case CURRENT ->
                handle.environment
                        .current()
                        .map(d -> changed(attempt, handle, d))
                        .orElse(0L);
            case RESOLVE_STRONG ->
                resolved(attempt, handle, handle.environment.resolve(key(intent), Consistency.STRONG));
            case RESOLVE_BOUNDED ->
                resolved(attempt, handle, handle.environment.resolve(key(intent), Consistency.BOUNDED));
            case LEASE -> attempt.process.lease(attempt);
            case HISTORY -> {
                List<Deployment> history = handle.environment.history();
                attempt.answer = history;
                yield history.isEmpty()
                        ? 0
                        : handle.remember(history.get(history.size() - 1))
                                .revision()
                                .sequence();
            }
            case AS_OF -> {
                ServedAt servedAt = handle.environment.asOf(attempt.invokedAt.minusSeconds(intent.version()));
                attempt.answer = servedAt;
                yield 0;
            }
            case PROMOTE, CANARY, SCHEDULE, EXPERIMENT, RAMP, COMPLETE, CONCLUDE ->
                changed(attempt, handle, handle.environment.promote(promotion(intent)));
            case HALT -> changed(attempt, handle, handle.environment.halt(intent.reason()));
            case ROLL_BACK -> changed(attempt, handle, handle.environment.rollback(intent.reason()));
            default -> changed(attempt, handle, handle.environment.withdraw(intent.reason()));
        };
    }

    private static long changed(Attempt attempt, Handle handle, Deployment deployment) {
        attempt.answer = deployment;
        return handle.remember(deployment).revision().sequence();
    }

    /** Anybody's: each intent asks for another. */
    static Routing key(Intent intent) {
        return Routing.of("k" + intent.id());
    }

    private static long resolved(Attempt attempt, Handle handle, Resolution resolution) {
        Deployment deployment = resolution.servedBy().orElseThrow();
        handle.remember(deployment);
        attempt.answer = resolution;
        return deployment.revision().sequence();
    }

    private static Registration registration(Intent intent) {
        Registration registration = Registration.empty()
                .reason(intent.reason())
                .file("model.bin", new byte[] {(byte) (intent.content() / 2)});
        if (intent.content() % 2 == 1) {
            registration = registration.file("scaler.bin", new byte[] {7});
        }
        if (intent.label() != null) {
            registration = registration.label(intent.label());
        }
        return intent.request() == null ? registration : registration.request(intent.request());
    }

    private static CopyRequest copy(Attempt attempt) {
        Intent intent = attempt.intent;
        VersionId original = new VersionId(ModelName.of(Origin.MODEL), intent.version());
        CopyRequest copy =
                CopyRequest.of(attempt.process.origin(CopyLaws.moment(intent)).version(original), intent.reason());
        copy = intent.label() == null ? copy.withoutLabel() : copy.label(intent.label());
        return CopyLaws.vouches(intent) ? copy.vouching() : copy;
    }

    /** A canary with a plan, its first step so many seconds after the simulation's clock began. */
    static Canary scheduled(long version, long seconds) {
        Instant first = ManualHost.START.plusSeconds(seconds);
        return Canary.of(version, Share.percent(5))
                .then(Share.percent(30), first)
                .then(Share.percent(60), first.plusSeconds(40))
                .then(Share.percent(95), first.plusSeconds(7_000));
    }

    static Rollout experiment(int number, long control, long treatment) {
        return Rollout.of(Arm.of("a", control, Share.percent(50)), Arm.of("b", treatment, Share.percent(50)))
                .experiment(new Experiment(EXPERIMENT + number, "fewer readmissions", "readmission-30d"));
    }

    /** Whom a transfer names. */
    static List<String> owners(Intent intent) {
        return OWNERS.get(intent.content());
    }

    private static List<Actor> actors(Intent intent) {
        return owners(intent).stream().map(Actor::of).toList();
    }

    private static Conclusion conclusion(Intent intent) {
        Conclusion conclusion = Conclusion.of(EXPERIMENT + intent.content());
        return intent.label() == null ? conclusion : conclusion.keep(intent.label());
    }

    private static Promotion promotion(Intent intent) {
        Promotion promotion = switch (intent.kind()) {
            case CANARY ->
                Promotion.of(
                        Canary.of(intent.version(), new Share(intent.content()))
                                .then(Share.percent(70))
                                .then(Share.percent(90)),
                        intent.reason());
            case RAMP ->
                intent.content() == 0
                        ? Promotion.ramp(intent.reason())
                        : Promotion.ramp(new Share(intent.content()), intent.reason());
            case COMPLETE -> Promotion.complete(intent.reason());
            case SCHEDULE -> Promotion.of(scheduled(intent.version(), intent.content()), intent.reason());
            case EXPERIMENT ->
                Promotion.of(experiment(intent.id(), intent.content(), intent.version()), intent.reason());
            case CONCLUDE -> Promotion.of(conclusion(intent), intent.reason());
            default -> Promotion.of(intent.version(), intent.reason());
        };
        if (intent.stated() >= 0) {
            promotion = promotion.expecting(new Revision(intent.stream(), intent.stated()));
        }
        return intent.request() == null ? promotion : promotion.request(intent.request());
    }
}
