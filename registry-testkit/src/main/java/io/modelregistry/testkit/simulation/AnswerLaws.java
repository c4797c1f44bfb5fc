package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.RampStep;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Router;
import io.modelregistry.environment.Share;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges what processes are told, by what stands: I5 (acknowledged changes stand where they were said to), I13 (linearizable), I14 (own writes are seen), and, through
 * {@link Refusals}, that a refusal has its reason.
 */
final class AnswerLaws {
    /** Time passes while a process waits for an answer, but never so much. */
    private static final Duration LONGEST_REQUEST = Duration.ofDays(1);

    private final Ledger ledger;
    private final Lives lives;
    private final Refusals refusals;
    private final FeedLaws feedLaws;
    private final NoteLaws noteLaws;
    private final ModelLaws modelLaws;
    private final CopyLaws copyLaws;

    /** @param origins what stands in the registry that is copied from, at each of its moments */
    AnswerLaws(Ledger ledger, List<Ledger> origins) {
        this.ledger = ledger;
        this.lives = new Lives(ledger);
        this.noteLaws = new NoteLaws(ledger);
        this.modelLaws = new ModelLaws(ledger);
        this.copyLaws = new CopyLaws(ledger, origins);
        this.refusals = new Refusals(ledger, lives, noteLaws);
        this.feedLaws = new FeedLaws(ledger);
    }

    void check(Attempt attempt) {
        switch (attempt.end) {
            case DONE -> {
                if (attempt.intent.kind().writes()) {
                    checkWritten(attempt);
                } else {
                    checkRead(attempt);
                }
                attempt.process.learn(attempt.intent.stream(), attempt.position);
                if (attempt.intent.kind() == Kind.RESOLVE_BOUNDED) {
                    attempt.process.resolve(attempt.intent.stream(), attempt.position);
                }
            }
            case REFUSED, UNKNOWN -> refusals.check(attempt);
            case RUNNING, CRASHED -> {
                // says nothing
            }
        }
    }

    private void checkWritten(Attempt attempt) {
        if (attempt.intent.kind() == Kind.ERASE_NOTE) {
            noteLaws.checkErased(attempt);
            return;
        }
        if (attempt.intent.kind().isAboutModel()) {
            modelLaws.checkDone(attempt);
            return;
        }
        if (attempt.intent.kind() == Kind.COPY) {
            copyLaws.checkDone(attempt);
            return;
        }
        List<LedgerEntry> standing = ledger.entries(attempt.intent.stream()).stream()
                .filter(e -> e.reason().equals(attempt.intent.reason()))
                .toList();
        Kind kind = attempt.intent.kind();
        if (kind == Kind.RETIRE) {
            require("I5", attempt, "ended in", "RETIRED", String.valueOf(attempt.answer));
            standing = standing.stream()
                    .filter(e -> e.change().equals("finish-retirement"))
                    .toList();
        }
        if (standing.size() != 1) {
            throw new Violation(
                    "I5", attempt + " was acknowledged and stands " + standing.size() + " times: " + standing);
        }
        LedgerEntry entry = standing.get(0);
        if (attempt.position == 0) {
            attempt.position = entry.sequence();
        }
        require("I5", attempt, "stands at", attempt.position, entry.sequence());
        if (kind == Kind.ADD_NOTE) {
            noteLaws.checkAdded(attempt, entry);
        } else if (attempt.answer instanceof ModelVersion version) {
            checkVersion(attempt, version, entry);
        } else if (attempt.answer instanceof Deployment deployment) {
            checkDeployment(attempt, deployment);
            checkServes(attempt, entry);
        } else if (attempt.answer instanceof LifecycleState state && kind != Kind.SUBMIT) {
            require("I8", attempt, "leads to", entry.judged(), state.name());
        }
    }

    private void checkVersion(Attempt attempt, ModelVersion version, LedgerEntry entry) {
        require(
                "I12",
                attempt,
                "has the files",
                entry.state().path("artifact").path("manifest").asText(),
                version.artifact().manifest().hex());
        String label = attempt.intent.label();
        if (label != null) {
            String stream = Paths.label(attempt.intent.model(), label);
            require(
                    "label",
                    attempt,
                    "has its label:",
                    true,
                    ledger.count(stream) == 1
                            && ledger.entry(stream, 1).state().path("version").asLong() == entry.sequence());
        }
    }

    /** Nobody is told that all is well while the environment serves what was retired before they asked. */
    private void checkServes(Attempt attempt, LedgerEntry entry) {
        String model = attempt.intent.model();
        boolean newest = ledger.count(entry.stream()) == entry.sequence();
        for (long version : newest ? entry.versions() : List.<Long>of()) {
            Set<String> before = lives.states(model, version, attempt.invoked, attempt.invoked);
            require("retire", attempt, "serves what was retired before:", false, before.contains(Lives.RETIRED));
        }
    }

    /** The position of a change in its stream; 0 for none. */
    static long revision(Optional<Deployment> change) {
        return change.map(c -> c.revision().sequence()).orElse(0L);
    }

    /** What a process tells of a change is what stands. */
    void checkDeployment(Object told, Deployment deployment) {
        LedgerEntry entry = ledger.entry(
                deployment.revision().stream(), deployment.revision().sequence());
        require(
                "I5",
                told,
                "tells of " + entry + " that it serves",
                entry.versions() + " " + entry.share() + entry.plan() + entry.experiment(),
                deployment.rollout().map(AnswerLaws::told).orElse("[] 0[]"));
        require("I5", told, "tells of " + entry + " the reason", entry.reason(), deployment.reason());
    }

    private static String told(Rollout rollout) {
        long share = rollout.canary().map(arm -> arm.weight().basisPoints()).orElse(0);
        List<String> plan = rollout.steps().stream().map(AnswerLaws::told).toList();
        String experiment = rollout.tested().map(Experiment::id).orElse("");
        return rollout.arms().stream().map(Arm::version).toList() + " " + share + plan + experiment;
    }

    private static String told(RampStep step) {
        return step.share().basisPoints()
                + step.scheduled().map(at -> " at " + at).orElse("");
    }

    private void checkRead(Attempt attempt) {
        Kind kind = attempt.intent.kind();
        if (kind == Kind.STATE) {
            Set<String> possible =
                    lives.states(attempt.intent.model(), attempt.intent.version(), attempt.invoked, attempt.returned);
            require(
                    "I13",
                    attempt,
                    "found one of " + possible + ":",
                    true,
                    possible.contains(String.valueOf(attempt.answer)));
            return;
        }
        if (kind == Kind.AS_OF || kind == Kind.POLL || kind == Kind.LEASE) {
            return; // judged at the end, when all is known; and while it runs
        }
        if (kind == Kind.FEED) {
            feedLaws.check(attempt);
            return;
        }
        if (kind == Kind.INFO) {
            modelLaws.checkRead(attempt);
            return;
        }
        long low = kind == Kind.RESOLVE_BOUNDED
                ? Math.max(attempt.process.leastFromMemory(attempt.intent.stream()), lowest(attempt))
                : Math.max(attempt.floor, ledger.countAt(attempt.intent.stream(), attempt.invoked));
        if (kind == Kind.NOTES) {
            noteLaws.checkRead(attempt, low);
            return;
        }
        long high = ledger.countAt(attempt.intent.stream(), attempt.returned);
        if (attempt.position < low || attempt.position > high) {
            throw new Violation(
                    "I13",
                    attempt + " found position " + attempt.position + ", where " + low + " to " + high + " are right");
        }
        if (attempt.answer instanceof Deployment deployment) {
            checkDeployment(attempt, deployment);
        } else if (attempt.answer instanceof Resolution resolution) {
            checkResolution(attempt, resolution);
        } else if (attempt.answer instanceof List<?> history) {
            require("I13", attempt, "told a history of length", attempt.position, (long) history.size());
            history.forEach(d -> checkDeployment(attempt, (Deployment) d));
        }
    }

    /** What had been stored before the moment that the answer is said to be confirmed at. */
    private long lowest(Attempt attempt) {
        Resolution resolution = (Resolution) attempt.answer;
        return resolution == null || !attempt.process.machine().measuresAges()
                ? 0
                : ledger.countStoredBefore(attempt.intent.stream(), attempt.invokedAt.minus(resolution.age()));
    }

    /** Nobody can have confirmed an entry before it stood, or before it asked for what then stood. */
    static void requireAge(Object told, Client process, LedgerEntry entry, Duration age) {
        if (process.machine().measuresAges()) {
            Duration stood = Duration.between(entry.storedAt(), process.clock());
            boolean possible = age.minus(LONGEST_REQUEST).compareTo(stood) <= 0;
            require("I13", told, "was confirmed when " + entry + " stood:", true, possible);
        }
    }

    /** How far behind its clock a process keeps that the store hasn't answered for so long: it couldn't see a halt. */
    static Duration blind(Duration age) {
        Duration blind = age.minus(Scene.OPTIONS.pollInterval().multipliedBy(2));
        return blind.isNegative() ? Duration.ZERO : blind;
    }

    /** By this process's clock, as long as it sees what the store has. */
    static void requireStep(Attempt attempt, LedgerEntry entry, int step, Duration age) {
        Instant now = attempt.process.clock();
        int least = entry.stepsDue(attempt.clock.minus(blind(age)));
        int most = entry.stepsDue(now.minus(blind(age)));
        if (step < least || step > most) {
            throw new Violation(
                    "steps",
                    attempt + " went by step " + step + " of " + entry + ", confirmed " + age + " ago, where " + least
                            + " to " + most + " are right");
        }
    }

    /** What a rollout came to with so many of its scheduled steps. */
    static Rollout after(LedgerEntry entry, int steps, Rollout rollout) {
        if (steps == 0) {
            return rollout;
        }
        Share share = new Share((int) entry.shareAfter(steps));
        List<Arm> arms = List.of(
                rollout.stable().weighing(share.rest()),
                rollout.canary().orElseThrow().weighing(share));
        return new Rollout(arms, rollout.salt(), List.of(), null);
    }

    private void checkResolution(Attempt attempt, Resolution resolution) {
        Deployment deployment = resolution.servedBy().orElseThrow();
        checkDeployment(attempt, deployment);
        LedgerEntry entry = ledger.entry(
                deployment.revision().stream(), deployment.revision().sequence());
        Receipt.Choice choice = resolution.receipt().servedBy().orElseThrow();
        requireAge(attempt, attempt.process, entry, resolution.age());
        requireStep(attempt, entry, choice.step(), resolution.age());
        // what it was decided to serve was compared with the ledger
        Rollout rollout = after(entry, choice.step(), deployment.rollout().orElseThrow());
        Arm arm = Router.of(resolution.version().id().model(), rollout).arm(Calls.key(attempt.intent));
        long served = arm.version();
        require("receipt", attempt, "names the arm", arm.id(), choice.arm());
        require("receipt", attempt, "names the revision", entry.sequence(), choice.revision());
        require(
                "I13",
                attempt,
                "resolves to version",
                served,
                resolution.version().id().number());
        String manifest = ledger.entry(Paths.versions(attempt.intent.model()), served)
                .state()
                .path("artifact")
                .path("manifest")
                .asText();
        require(
                "I12",
                attempt,
                "resolves to the files",
                manifest,
                resolution.version().artifact().manifest().hex());
    }
}
