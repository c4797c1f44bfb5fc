package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

import io.modelregistry.ModelInfo;
import java.time.Duration;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Judges which models take new versions: an archived one refuses them once every process has noticed, one that isn't never does, and the state of each entry is what
 * the one before and its change come to.
 */
final class ArchiveLaws {
    /** How long a process may go on registering, by what it last knew. */
    private static final Duration NOTICED = Duration.ofSeconds(30);

    private final Ledger ledger;

    ArchiveLaws(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Judges an entry of a model's stream as it comes into being. */
    void check(LedgerEntry entry) {
        boolean before = entry.sequence() > 1 && isArchived(ledger.entry(entry.stream(), entry.sequence() - 1));
        boolean after = entry.change().equals("archive");
        boolean first = entry.change().equals("claim");
        require("I8", entry, "claims the name first:", entry.sequence() == 1, first);
        require("I8", entry, "is archived:", after, isArchived(entry));
        require("I8", entry, "changes something:", true, first || before != after);
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
        boolean archived = attempt.intent.kind() == Kind.ARCHIVE;
        boolean told = attempt.answer instanceof ModelInfo info && info.archived();
        require("archive", attempt, "is told that it is archived:", archived, told);
        require("archive", attempt, "is told what was so:", true, was(attempt, archived));
        for (LedgerEntry entry : ledger.entries(attempt.intent.stream())) {
            if (entry.reason().equals(attempt.intent.reason())) {
                attempt.position = entry.sequence();
            }
        }
    }
}
