package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

import io.modelregistry.ConflictException;
import io.modelregistry.Digest;
import io.modelregistry.LabelTakenException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NoteId;
import io.modelregistry.Outcome;
import io.modelregistry.OutcomeToken;
import io.modelregistry.audit.Changes;
import io.modelregistry.audit.Verification;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.environment.ServedAt.Certainty;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.simulation.Attempt.End;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The end of a schedule: the faults are over, everybody gets done, and everything that was ever said is held against what stands. I3–I6, I11, I12, I15, I17, I20. Used
 * once.
 */
final class Judgement {
    private static final int MOST_CALLS_WHEN_CALM = 60;
    private static final int SCHEDULES_FOR_ONE_FINISH = 3;
    private static final int SCHEDULES_FOR_ONE_REREAD = 12;

    private final World world;
    private final Ledger ledger;
    private final Lives lives;
    private final NoteLaws noteLaws;
    private final ModelLaws modelLaws;
    private final CopyLaws copyLaws;
    private final FeedLaws feedLaws;
    private final StorageBackend store;
    private @Nullable ModelRegistry judge;

    Judgement(World world) {
        this.world = world;
        this.ledger = world.ledger();
        this.lives = new Lives(ledger);
        this.noteLaws = new NoteLaws(ledger);
        this.modelLaws = new ModelLaws(ledger);
        this.copyLaws = new CopyLaws(ledger, world.originals());
        this.feedLaws = new FeedLaws(ledger);
        this.store = world.store().get();
    }

    void pass() {
        Thread.interrupted();
        if (world.tape().chance(500)) {
            world.landLate();
        }
        if (world.tape().below(SCHEDULES_FOR_ONE_FINISH) == 0) {
            everybodyGetsDone();
        }
        world.landLate();
        if (world.tape().below(SCHEDULES_FOR_ONE_FINISH) == 0) {
            for (Client process : world.processes()) {
                world.pollLaws().requireConvergence(process);
                world.servingLaws().requireConvergence(process);
            }
            world.processes().stream().filter(Client::hasRead).forEach(this::readersGetToTheEnd);
        }
        checkIntents();
        checkRetired();
        checkOutcomes();
        checkAsOf();
        checkFoundAgain();
        if (world.tape().below(SCHEDULES_FOR_ONE_REREAD) == 0) {
            rereadEverything();
        }
        finishErasures();
        store.close();
    }

    /** What was judged entry by entry and answer by answer once more, by the registry's own verifier and readers that know nothing. */
    private void rereadEverything() {
        wipeHints();
        ModelRegistry stranger = world.judge("stranger").registry();
        checkReads(stranger);
        checkNothingChanged();
        checkCopies(stranger);
        Verification verification = stranger.verify();
        require("verify", "verify()", "finds", List.of(), verification.errors());
        noteLaws.checkFindings(verification.findings());
    }

    /** I20: from where it has come to, or from the beginning, a reader is told all the rest. */
    private void readersGetToTheEnd(Client reader) {
        Client next = world.judge("reader");
        next.readOn(reader);
        Changes page;
        do {
            Attempt attempt = world.attempt(next, world.plain(Kind.FEED, 0));
            if (!(attempt.answer instanceof Changes read)) {
                throw new Violation("I20", attempt + " with nothing in the way");
            }
            page = read;
            if (!page.more()) {
                feedLaws.requireAll(attempt, next.reading());
            }
        } while (page.more());
    }

    /** Erasing again does what was left undone, and adds nothing to the trail. */
    private void finishErasures() {
        for (NoteBook.Citation left : noteLaws.left()) {
            boolean returned =
                    Objects.requireNonNull(ledger.notes().at(left.key())).returned();
            world.tally().count(returned ? "a note came back after its erasure" : "an erasure was left unfinished");
            long entries = ledger.count(left.stream());
            judge().model(left.model()).version(left.version()).eraseNote(NoteId.of(left.note()), "again");
            require("note", left, "adds to the trail:", entries, ledger.count(left.stream()));
            require("note", left, "still stands:", false, ledger.notes().stands(left.key()));
        }
    }

    /** A registry that nothing ever happens to, opened when it is first needed. */
    private ModelRegistry judge() {
        if (judge == null) {
            judge = world.judge("judge").registry();
        }
        return judge;
    }

    /** I20: one process writes, another reads. */
    private void everybodyGetsDone() {
        int writer = world.tape().below(world.processes().size());
        for (int i : new int[] {writer, (writer + 1) % world.processes().size()}) {
            Client process = world.processes().get(i);
            process.turnClock(Duration.ZERO);
            long before = world.witness().calls();
            Attempt attempt = world.attempt(process, i == writer ? write() : world.plain(Kind.LATEST, 0));
            if (!attempt.isDone()) {
                throw new Violation("I20", attempt + " with nothing in the way");
            }
            long calls = world.witness().calls() - before;
            require("I20", attempt, "took few calls: " + calls, true, calls <= MOST_CALLS_WHEN_CALM);
        }
    }

    private Intent write() {
        if (modelLaws.isArchived("alpha")) {
            return world.plain(Kind.RESTORE, 0);
        }
        boolean evaluate =
                ledger.count(Paths.versions("alpha")) > 0 && world.tape().chance(700);
        return evaluate ? world.plain(Kind.EVALUATE, 1) : world.plain(Kind.REGISTER, 0);
    }

    private void checkIntents() {
        Map<String, List<LedgerEntry>> byReason = new HashMap<>();
        for (String stream : ledger.streams()) {
            for (LedgerEntry entry : ledger.entries(stream)) {
                requireAttributed(entry);
                byReason.computeIfAbsent(stream + " " + entry.reason(), r -> new ArrayList<>())
                        .add(entry);
            }
        }
        for (Intent intent : world.intents().values()) {
            List<LedgerEntry> standing = byReason.getOrDefault(intent.stream() + " " + intent.reason(), List.of());
            if (intent.kind().mayBeSoAlready()) {
                checkAtMostOnce(intent, standing);
                if (intent.kind() == Kind.COPY && intent.attempts().stream().allMatch(Judgement::isRefused)) {
                    copyLaws.checkRefused(intent);
                }
            } else if (intent.kind().writes() && intent.kind() != Kind.RETIRE) {
                checkIntent(intent, standing);
            }
        }
    }

    private static boolean isRefused(Attempt attempt) {
        return attempt.end == End.REFUSED && !mayStandAllTheSame(attempt);
    }

    /** I17: every entry is what somebody intended, or follows from it. */
    private void requireAttributed(LedgerEntry entry) {
        String reason = entry.reason();
        Intent intent = world.intents().get(reason);
        boolean known = reason.equals("scene")
                || (intent != null && (intent.stream().equals(entry.stream()) || copyLaws.isLater(entry, intent)))
                || switch (Paths.segment(entry.stream(), 0)) {
                    case "models" -> reason.equals("first registration");
                    case "labels" -> reason.startsWith("registered as ");
                    case "reviews" ->
                        reason.startsWith("served by ") && entry.change().equals("abandon-retirement");
                    case "environments" ->
                        reason.contains("retired") && entry.change().equals("withdraw");
                    default -> false;
                };
        require("I17", entry, "is what somebody intended:", true, known);
    }

    /** Of what somebody else may have done before, so that an acknowledgement needs no entry of its own. */
    private static void checkAtMostOnce(Intent intent, List<LedgerEntry> standing) {
        boolean refused = intent.attempts().stream().allMatch(a -> isRefused(a) && !NoteLaws.isUnfinished(a));
        require("I4", intent, "stands at most once:", true, standing.size() <= 1);
        require("I6", intent, "was refused and stands:", false, refused && !standing.isEmpty());
    }

    private static void checkIntent(Intent intent, List<LedgerEntry> standing) {
        if (standing.size() > 1) {
            throw new Violation(
                    "I4",
                    intent + " was carried out " + standing.size() + " times: " + standing + " by "
                            + intent.attempts());
        }
        boolean stands = !standing.isEmpty();
        for (Attempt attempt : intent.attempts()) {
            if (attempt.isDone()) {
                require("I5", attempt, "was acknowledged and stands:", true, stands);
                require(
                        "I5",
                        attempt,
                        "stands at",
                        attempt.position,
                        standing.get(0).sequence());
            }
        }
        if (stands && intent.attempts().stream().allMatch(Judgement::isRefused)) {
            throw new Violation("I6", standing + " stands although all attempts were refused: " + intent.attempts());
        }
    }

    /** A promotion that met a retirement was withdrawn again; a registration that lost its label stands without. */
    private static boolean mayStandAllTheSame(Attempt attempt) {
        return (attempt.error instanceof ConflictException conflict
                        && String.valueOf(conflict.getMessage()).contains("withdrawn"))
                || (attempt.error instanceof LabelTakenException taken && taken.registered() > 0);
    }

    /** What is served isn't retired, unless somebody knows that he doesn't know. */
    private void checkRetired() {
        for (String stream : ledger.streams()) {
            if (!stream.startsWith("environments/")) {
                continue;
            }
            LedgerEntry newest = ledger.entry(stream, ledger.count(stream));
            String model = Paths.segment(stream, 2);
            for (long version : newest.versions()) {
                if (lives.state(model, version).equals(Lives.RETIRED)) {
                    checkMet(newest, Paths.reviews(model, version));
                }
            }
        }
    }

    private void checkMet(LedgerEntry newest, String reviews) {
        LedgerEntry retired = ledger.entry(reviews, ledger.count(reviews));
        boolean peaceful = Stream.of(newest, retired)
                .map(e -> world.intents().get(e.reason()))
                .allMatch(i -> i != null && i.attempts().stream().allMatch(Attempt::isDone));
        require("retire", newest + " and " + retired, "met in peace:", false, peaceful);
    }

    private void wipeHints() {
        for (String key : store.list(Paths.HINTS, Depth.ALL, "", 1_000).keys()) {
            store.overwrite(key, new byte[0]); // not under the witness's eyes
        }
    }

    /** I11: without any hint everything reads as it stands. */
    private void checkReads(ModelRegistry registry) {
        for (String stream : ledger.streams()) {
            long count = ledger.count(stream);
            String first = Paths.segment(stream, 0);
            if (first.equals("versions")) {
                long latest = registry.model(Paths.segment(stream, 1))
                        .latest()
                        .orElseThrow()
                        .id()
                        .number();
                require("I11", stream, "reaches", count, latest);
            } else if (first.equals("environments")) {
                Deployment current = registry.model(Paths.segment(stream, 2))
                        .environment(Paths.segment(stream, 1))
                        .current()
                        .orElseThrow();
                require("I11", stream, "reaches", count, current.revision().sequence());
            } else if (first.equals("reviews") || first.equals("submissions")) {
                String model = Paths.segment(stream, 1);
                long version = Long.parseLong(Paths.segment(stream, 2));
                String state = registry.model(model).version(version).state().name();
                require("I11", stream, "leads to", lives.state(model, version), state);
            }
        }
    }

    /** Every copy is what it says it is a copy of. */
    private void checkCopies(ModelRegistry registry) {
        for (String stream : ledger.streams()) {
            if (stream.startsWith(Paths.VERSIONS)) {
                String model = Paths.segment(stream, 1);
                ledger.entries(stream).stream()
                        .filter(CopyLaws::isCopy)
                        .forEach(copy ->
                                registry.model(model).version(copy.sequence()).verifyOrigin(world.origin(1)));
            }
        }
    }

    private void checkOutcomes() {
        for (Intent intent : world.intents().values()) {
            for (Attempt attempt : intent.attempts()) {
                OutcomeToken token = attempt.token();
                if (token != null) {
                    Outcome outcome = judge().outcome(token);
                    Workload.requireTrue(world, intent, token, outcome);
                }
            }
        }
    }

    /** I15. */
    private void checkAsOf() {
        for (Intent intent : world.intents().values()) {
            for (Attempt attempt : intent.attempts()) {
                if (attempt.isDone() && attempt.answer instanceof ServedAt then) {
                    requireSteps(attempt, then);
                }
                if (attempt.isDone()
                        && attempt.answer instanceof ServedAt then
                        && then.certainty() != Certainty.PROVISIONAL) {
                    ServedAt now = judge().model(intent.model())
                            .environment(intent.environment())
                            .asOf(then.instant());
                    require(
                            "I15",
                            attempt + " was " + then.certainty(),
                            "now reads",
                            AnswerLaws.revision(then.deployment()),
                            AnswerLaws.revision(now.deployment()));
                    long stored = ledger.countStoredBefore(
                            intent.stream(), then.instant().plusNanos(1));
                    require("I15", attempt, "found revision", stored, AnswerLaws.revision(then.deployment()));
                }
            }
        }
    }

    /** What was served then is told with the scheduled steps that were due then. */
    private void requireSteps(Attempt attempt, ServedAt then) {
        Arm canary = then.rollout().flatMap(Rollout::canary).orElse(null);
        if (canary != null) {
            LedgerEntry entry = ledger.entry(attempt.intent.stream(), AnswerLaws.revision(then.deployment()));
            long share = entry.shareAfter(entry.stepsDue(then.instant()));
            require("I15", attempt, "tells the share", share, (long)
                    canary.weight().basisPoints());
        }
    }

    /** Who asks afterwards who was answered then is told what the receipt says. */
    private void checkFoundAgain() {
        for (Intent intent : world.intents().values()) {
            for (Attempt attempt : intent.attempts()) {
                if (attempt.isDone() && attempt.answer instanceof Resolution resolution) {
                    checkFoundAgain(attempt, resolution);
                }
            }
        }
    }

    private void checkFoundAgain(Attempt attempt, Resolution resolution) {
        Intent intent = attempt.intent;
        LedgerEntry entry = ledger.entry(intent.stream(), attempt.position);
        Instant then = attempt.clock.minus(AnswerLaws.blind(resolution.age()));
        boolean moved = !attempt.clock.equals(attempt.invokedAt) || !attempt.clock.equals(attempt.clockReturned);
        if (entry.plan().isEmpty()
                || moved
                || ledger.countStoredBefore(intent.stream(), then.plusNanos(1)) != attempt.position) {
            return; // the store's clock says something else, or nothing exact
        }
        Resolution again =
                judge().model(intent.model()).environment(intent.environment()).resolve(Calls.key(intent), then);
        require("receipt", attempt, "is found again as", resolution.receipt(), again.receipt());
        world.tally().count("a receipt was found again by its instant");
    }

    /** I1, I3, I12: the store holds exactly what came into being, byte for byte, and every blob under its own digest. */
    private void checkNothingChanged() {
        for (String stream : ledger.streams()) {
            for (LedgerEntry entry : ledger.entries(stream)) {
                boolean same = store.get(entry.key(), 1 << 20)
                        .filter(o -> Arrays.equals(o.content(), entry.content()))
                        .isPresent();
                require("I3", entry, "stands as it was created:", true, same);
            }
        }
        Set<String> blobs = world.witness().blobs();
        for (String key : blobs) {
            Optional<String> digest =
                    store.get(key, 1 << 20).map(o -> Digest.of(o.content()).hex());
            require("I12", key, "has the digest", Optional.of(key.substring(key.lastIndexOf('/') + 1)), digest);
        }
        for (NoteBook.Paper paper : ledger.notes().papers()) {
            Optional<String> digest = store.get(paper.key(), 1 << 20)
                    .map(o -> Digest.of(o.content()).hex());
            Optional<String> expected = paper.stands() ? Optional.of(paper.digest()) : Optional.empty();
            require("note", paper.key(), "has the digest", expected, digest);
        }
    }
}
