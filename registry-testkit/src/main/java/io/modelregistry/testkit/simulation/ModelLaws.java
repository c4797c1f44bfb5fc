package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

import io.modelregistry.Actor;
import io.modelregistry.ModelInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Judges who answers for models, and which take new versions: the state of each entry is what the one before and its change come to, whoever asks is told of some
 * moment, an archived model refuses versions once every process has noticed, and one that isn't never does.
 */
final class ModelLaws {
    /** How long a process may go on registering, by what it last knew. */
    private static final Duration NOTICED = Duration.ofSeconds(30);

    private final Ledger ledger;

    ModelLaws(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Judges an entry of a model's stream as it comes into being.
     *
     * @param intent whose it is; null for nobody's
     */
    void check(LedgerEntry entry, @Nullable Intent intent) {
        LedgerEntry before = entry.sequence() == 1 ? null : ledger.entry(entry.stream(), entry.sequence() - 1);
        require(
                "I8",
                entry,
                "claims the name first:",
                before == null,
                entry.change().equals("claim"));
        boolean archived = before != null && isArchived(before);
        List<String> named = before == null ? List.of() : named(before);
        boolean nowArchived = switch (entry.change()) {
            case "archive" -> true;
            case "restore" -> false;
            default -> archived;
        };
        List<String> nowNamed = intent != null && intent.kind() == Kind.TRANSFER ? Calls.owners(intent) : named;
        require("I8", entry, "is archived:", nowArchived, isArchived(entry));
        require("I8", entry, "names", nowNamed, named(entry));
        boolean changes = before == null || archived != nowArchived || !named.equals(nowNamed);
        require("I8", entry, "changes something:", true, changes);
    }

    /** Whom an entry names as owners; nobody while it is for who made the claim. */
    private static List<String> named(LedgerEntry entry) {
        List<String> owners = new ArrayList<>();
        entry.state().path("owners").forEach(owner -> owners.add(owner.asText()));
        return owners;
    }

    /**
     * Nobody registers what has long been archived.
     *
     * @param intent whose the version is; null for nobody's
     */
    void checkVersion(LedgerEntry version, @Nullable Intent intent) {
        if (intent == null) {
            return;
        }
        String stream = Paths.model(intent.model());
        boolean open = intent.attempts().stream().anyMatch(a -> {
            long known = ledger.countStoredBefore(stream, a.invokedAt.minus(NOTICED));
            return wasAny(stream, Math.max(1, known), ledger.count(stream), false);
        });
        require("archive", version, "is of a model that took versions lately:", true, open);
    }

    static boolean isArchived(LedgerEntry entry) {
        return entry.state().path("archived").asBoolean();
    }

    /** Whether a model is archived now. */
    boolean isArchived(String model) {
        String stream = Paths.model(model);
        long count = ledger.count(stream);
        return count > 0 && isArchived(ledger.entry(stream, count));
    }

    private boolean wasAny(String stream, long low, long high, boolean archived) {
        return LongStream.rangeClosed(low, high).anyMatch(n -> isArchived(ledger.entry(stream, n)) == archived);
    }

    /** Judges what a reader is told, who sees all that stood when it asked. */
    void checkRead(Attempt attempt) {
        long least = ledger.countAt(attempt.intent.stream(), attempt.invoked);
        if (attempt.answer instanceof ModelInfo told) {
            requireOfSomeMoment(attempt, told, Math.max(1, least));
        } else {
            require("model", attempt, "is told of no model while there were entries:", 0L, least);
        }
    }

    private void requireOfSomeMoment(Attempt attempt, ModelInfo told, long least) {
        String stream = attempt.intent.stream();
        boolean found = LongStream.rangeClosed(least, ledger.countAt(stream, attempt.returned))
                .mapToObj(n -> ledger.entry(stream, n))
                .anyMatch(entry ->
                        isArchived(entry) == told.archived() && owners(entry).equals(owners(told)));
        require("model", attempt, "is told of " + told + " what was so at some moment:", true, found);
    }

    private List<String> owners(LedgerEntry entry) {
        List<String> named = named(entry);
        return named.isEmpty()
                ? List.of(ledger.entry(entry.stream(), 1)
                        .json()
                        .path("actor")
                        .path("id")
                        .asText())
                : named;
    }

    private static List<String> owners(ModelInfo told) {
        return told.owners().stream().map(Actor::id).toList();
    }

    /** Whether a model was archived, or wasn't, at some moment of an attempt. */
    private boolean was(Attempt attempt, boolean archived) {
        String stream = Paths.model(attempt.intent.model());
        long low = Math.max(1, ledger.countAt(stream, attempt.invoked));
        return wasAny(stream, low, ledger.countAt(stream, attempt.returned), archived);
    }

    boolean mayRefuse(Attempt registration) {
        return was(registration, true);
    }

    /** Who asks for what is so already changes nothing. */
    void checkDone(Attempt attempt) {
        ModelInfo told = (ModelInfo) Objects.requireNonNull(attempt.answer);
        boolean asked = switch (attempt.intent.kind()) {
            case ARCHIVE -> told.archived();
            case RESTORE -> !told.archived();
            default -> owners(told).equals(Calls.owners(attempt.intent));
        };
        require("model", attempt, "is told what it asked for:", true, asked);
        requireOfSomeMoment(attempt, told, Math.max(1, ledger.countAt(attempt.intent.stream(), attempt.invoked)));
        for (LedgerEntry entry : ledger.entries(attempt.intent.stream())) {
            if (entry.reason().equals(attempt.intent.reason())) {
                attempt.position = entry.sequence();
            }
        }
    }
}
