package io.modelregistry.testkit.simulation;

import io.modelregistry.Outcome;
import io.modelregistry.OutcomeToken;
import io.modelregistry.RegistryException;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.SimulatedCrash;
import io.modelregistry.testkit.simulation.NoteBook.Citation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses what processes intend. Few names, so that they meet. */
final class Workload {
    private static final List<String> MODELS = List.of("alpha", "beta");
    private static final List<String> ENVIRONMENTS = List.of("production", "staging");
    private static final List<String> LABELS = List.of("v1.0", "v1.1");
    private static final List<String> ARMS = List.of("a", "b");
    /** How often a process that can load models is asked for one instead of something else. */
    private static final int SERVING_PER_MILLE = 400;

    /** How often a process that has a disk, which files pass through, copies a version instead of something else. */
    private static final int COPYING_PER_MILLE = 150;
    /** How often it copies what another process is copying just now. */
    private static final int JOINING_PER_MILLE = 600;

    private static final int CONTENTS = 6;
    /** Two moments of the other registry, with and without vouching. */
    private static final int COPIES = 4;

    private static final int POLICIES = 8;
    private static final Kind[] KINDS = Kind.values();
    private static final int[] WEIGHTS = {
        3, 4, 3, 4, 10, 2, 3, 0, 0, 3, 3, 2, 11, 4, 7, 6, 3, 3, 2, 17, 21, 6, 4, 3, 5, 4, 4, 4, 6, 3, 2, 3, 6, 2, 2, 3,
        0
    };

    /** The first stands for a canary's next step. */
    private static final int[] SHARES = {0, 500, 2_500, 6_000, 10_000};

    /** The first stands for asking where the present is. */
    private static final int[] PAGES = {0, 1_000, 1, 2, 5};

    private static final int[] SECONDS_AHEAD = {20, 1, 65, 6_000};

    private static final long[] SECONDS_AGO = {0, 1, 3_000, 10_000, 90_000};

    private final World world;
    private final Lives lives;
    private final NoteLaws noteLaws;
    private final ModelLaws modelLaws;
    private int count;

    Workload(World world) {
        this.world = world;
        this.lives = new Lives(world.ledger());
        this.noteLaws = new NoteLaws(world.ledger());
        this.modelLaws = new ModelLaws(world.ledger());
    }

    Intent next(Client process) {
        Tape tape = world.tape();
        boolean hasDisk = process.machine().hasDisk();
        boolean serves = hasDisk && tape.chance(SERVING_PER_MILLE);
        Intent copied = hasDisk ? copied() : null;
        boolean copies = !serves && hasDisk && tape.chance(copied == null ? COPYING_PER_MILLE : JOINING_PER_MILLE);
        Kind kind = serves ? Kind.LEASE : copies ? Kind.COPY : KINDS[tape.weighted(WEIGHTS)];
        String model = copies && copied != null ? copied.model() : MODELS.get(tape.weighted(85, 15));
        if (kind.isAboutVersion() && world.ledger().count(Paths.versions(model)) == 0 && tape.chance(900)) {
            model = MODELS.get(0);
        }
        String environment = kind.isAboutEnvironment() ? ENVIRONMENTS.get(tape.weighted(75, 25)) : "";
        Intent served = process.machine().served();
        if ((kind == Kind.RESOLVE_BOUNDED || kind == Kind.LEASE) && served != null) {
            model = served.model(); // a service goes on with what it has begun
            environment = served.environment();
        } else if (kind == Kind.LEASE && tape.chance(800)) {
            model = MODELS.get(0);
            environment = ENVIRONMENTS.get(0);
        }
        if (kind.isAboutEnvironment() && tape.chance(700)) {
            kind = possible(environment, model, kind);
        }
        long version = 0;
        if (kind == Kind.AS_OF) {
            version = SECONDS_AGO[tape.below(SECONDS_AGO.length)];
        } else if (kind.isAboutVersion()) {
            version = version(model);
        } else if (kind == Kind.COPY) {
            version = copied == null ? 1L + tape.below(Origin.VERSIONS) : copied.version();
        }
        if (kind.isJudgement() && tape.chance(700)) {
            kind = legal(model, version, kind);
        }
        String label = label(kind);
        if (modelLaws.isArchived(model) && (kind == Kind.ARCHIVE || kind == Kind.REGISTER) && tape.chance(400)) {
            kind = Kind.RESTORE;
            label = null;
        } else if (kind == Kind.RESTORE && !modelLaws.isArchived(model) && tape.chance(700)) {
            kind = Kind.ARCHIVE;
        }
        if (kind == Kind.NOTES || kind == Kind.ERASE_NOTE) {
            Citation note = note();
            label = kind == Kind.ERASE_NOTE && note != null ? note.note() : null;
            kind = note == null && kind == Kind.ERASE_NOTE ? Kind.ADD_NOTE : kind;
            if (note != null && tape.chance(950)) {
                model = note.model();
                version = note.version();
            }
        }
        count++;
        return new Intent(
                count,
                kind,
                model,
                version,
                environment,
                kind.isPromotion() && tape.chance(300) ? stated(process, environment, model) : -1,
                kind.takesRequest() && tape.chance(500) ? "r" + count : null,
                label,
                content(kind, version, environment, model));
    }

    /** What another process is copying; null for nothing. */
    private @Nullable Intent copied() {
        for (Client other : world.processes()) {
            Attempt running = other.running();
            if (running != null && running.intent.kind() == Kind.COPY) {
                return running.intent;
            }
        }
        return null;
    }

    /** A note to read or to erase: now and then one that is erased and still there; null when there is none. */
    private @Nullable Citation note() {
        Tape tape = world.tape();
        List<Citation> left = noteLaws.left();
        List<Citation> all = world.ledger().notes().citations();
        List<Citation> from = !left.isEmpty() && tape.chance(600) ? left : all;
        return from.isEmpty() ? null : from.get(from.size() - 1 - tape.below(from.size()));
    }

    private @Nullable String label(Kind kind) {
        Tape tape = world.tape();
        return switch (kind) {
            case REGISTER, COPY -> tape.chance(300) ? LABELS.get(tape.below(LABELS.size())) : null;
            case CONCLUDE -> tape.chance(700) ? ARMS.get(tape.below(ARMS.size())) : null;
            default -> null;
        };
    }

    /** The number of the experiment that is or was under way last; negative when there was none. */
    private int experiment(String environment, String model) {
        String stream = Paths.environment(environment, model);
        for (long n = world.ledger().count(stream); n > 0; n--) {
            String id = world.ledger().entry(stream, n).experiment();
            if (!id.isEmpty()) {
                return Integer.parseInt(id.substring(Calls.EXPERIMENT.length()));
            }
        }
        return -1;
    }

    private int content(Kind kind, long version, String environment, String model) {
        Tape tape = world.tape();
        return switch (kind) {
            case REGISTER -> tape.below(CONTENTS);
            case SET_POLICY -> tape.below(POLICIES);
            case COPY -> tape.below(COPIES);
            case TRANSFER -> tape.below(Calls.OWNERS.size());
            case CANARY -> SHARES[1 + tape.below(SHARES.length - 2)];
            case RAMP -> SHARES[tape.below(SHARES.length)];
            case SCHEDULE -> secondsFromTheBeginning() + SECONDS_AHEAD[tape.below(SECONDS_AHEAD.length)];
            case EXPERIMENT -> (int) Math.max(1, version - 1);
            case CONCLUDE -> experiment(environment, model);
            case FEED -> PAGES[tape.weighted(20, 35, 10, 15, 20)];
            default -> 0;
        };
    }

    private int secondsFromTheBeginning() {
        return (int) Duration.between(ManualHost.START, world.clock().now()).toSeconds();
    }

    /** A judgement that is legal now, so that versions get on in their lives; the one given where there is none. */
    private Kind legal(String model, long version, Kind kind) {
        return switch (lives.state(model, version)) {
            case Lives.CANDIDATE, Lives.REJECTED -> Kind.SUBMIT;
            case Lives.IN_REVIEW -> kind == Kind.REJECT ? kind : Kind.APPROVE;
            case Lives.APPROVED -> Kind.DEPRECATE;
            case Lives.DEPRECATED -> Kind.REINSTATE;
            default -> kind;
        };
    }

    /** A step that can follow what is served, so that rollouts get on; the one given where there is none. */
    private Kind possible(String environment, String model, Kind kind) {
        String stream = Paths.environment(environment, model);
        long count = world.ledger().count(stream);
        LedgerEntry served = count == 0 ? null : world.ledger().entry(stream, count);
        boolean tries = served != null && served.tried() > 0;
        boolean asks = served != null && !served.experiment().isEmpty();
        if (kind.writes() && isBeingLoaded(stream)) {
            return tries ? Kind.HALT : Kind.ROLL_BACK; // what was served before is in memory
        }
        return switch (kind) {
            case CANARY, SCHEDULE -> tries ? Kind.RAMP : kind;
            case RAMP, COMPLETE, HALT -> tries ? kind : Kind.SCHEDULE;
            case CONCLUDE -> asks ? kind : Kind.EXPERIMENT;
            default -> kind;
        };
    }

    /** Whether a process that serves from here has something to do in the background, such as loading what came. */
    private boolean isBeingLoaded(String stream) {
        return world.processes().stream()
                .anyMatch(process -> process.hasBackground()
                        && process.services().stream()
                                .anyMatch(service -> service.stream().equals(stream)));
    }

    Intent poll() {
        count++;
        return new Intent(count, Kind.POLL, "", 0, "", -1, null, null, 0);
    }

    /** Something that must succeed when nothing is wrong. */
    Intent plain(Kind kind, long version) {
        count++;
        return new Intent(
                count,
                kind,
                MODELS.get(0),
                version,
                kind.isAboutEnvironment() ? ENVIRONMENTS.get(0) : "",
                -1,
                null,
                null,
                kind == Kind.FEED ? 3 : 1);
    }

    /** Mostly one of the two newest; now and then one that isn't registered yet. */
    private long version(String model) {
        long latest = world.ledger().count(Paths.versions(model));
        long chosen = latest - world.tape().below(2);
        return world.tape().chance(50) ? latest + 1 : Math.max(1, chosen);
    }

    /** The revision the process saw last, or the one that really is the newest. */
    private long stated(Client process, String environment, String model) {
        String stream = Paths.environment(environment, model);
        return world.tape().chance(500) ? world.ledger().count(stream) : process.known(stream);
    }

    /** An intent that may have been carried out without anybody knowing. */
    Optional<Intent> open() {
        List<Intent> open = new ArrayList<>();
        for (Intent intent : world.intents().values()) {
            if (intent.isOpen() && (intent.request() != null || token(intent).isPresent())) {
                open.add(intent);
            }
        }
        open.sort(java.util.Comparator.comparingInt(Intent::id));
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(open.get(world.tape().below(open.size())));
    }

    private static Optional<OutcomeToken> token(Intent intent) {
        return intent.attempts().stream()
                .flatMap(a -> Optional.ofNullable(a.token()).stream())
                .findFirst();
    }

    /** What the registry says of an unknown outcome must be so, now and for ever. */
    void askOutcome(Client process, Intent intent) {
        OutcomeToken token = token(intent).orElseThrow();
        Outcome outcome;
        try {
            outcome = process.registry().outcome(token);
        } catch (SimulatedCrash | RegistryException e) {
            return; // the judge asks again
        }
        requireTrue(world, intent, token, outcome);
    }

    static void requireTrue(World world, Intent intent, OutcomeToken token, Outcome outcome) {
        world.note(() -> intent + " is said to be " + outcome);
        boolean stands = world.ledger().entries(token.stream()).stream()
                .filter(e -> e.sequence() >= token.slot())
                .anyMatch(e -> e.json().path("commit").asText().equals(token.commit())
                        || (token.request() != null
                                && e.json()
                                        .path("request")
                                        .asText()
                                        .equals(token.request().value())));
        boolean slotTaken = world.ledger().count(token.stream()) >= token.slot();
        boolean right = switch (outcome) {
            case COMMITTED -> stands;
            case NOT_COMMITTED -> !stands && slotTaken;
            case STILL_UNKNOWN -> !slotTaken;
        };
        world.tally().outcome(outcome);
        if (!right) {
            throw world.remember(new Violation(
                    "I6", intent + " is said to be " + outcome + ", and it " + (stands ? "stands" : "doesn't stand")));
        }
    }
}
