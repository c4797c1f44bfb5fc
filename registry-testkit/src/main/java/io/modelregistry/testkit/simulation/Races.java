package io.modelregistry.testkit.simulation;

import io.modelregistry.ModelRegistry;
import io.modelregistry.audit.Changes;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import java.util.List;

/** Notes who met whom: a simulation in which nobody does proves nothing. */
final class Races {
    private final Ledger ledger;
    private final Tally tally;
    private final List<Client> processes;

    Races(Ledger ledger, Tally tally, List<Client> processes) {
        this.ledger = ledger;
        this.tally = tally;
        this.processes = processes;
    }

    void note(Attempt attempt) {
        if (attempt.answer instanceof Resolution resolution) {
            noteSteps(attempt, resolution);
        }
        switch (attempt.intent.kind()) {
            case HALT -> noteMeeting(attempt, "ramp", "a halt met a ramp");
            case CONCLUDE -> noteMeeting(attempt, "halt", "a conclusion met a halt");
            case NOTES -> noteMeeting(attempt, "erase-note", "notes were read while one was erased");
            case COPY -> noteCopy(attempt);
            case TRANSFER -> noteMeeting(attempt, "archive", "a transfer met an archive");
            case FEED -> notePage(attempt);
            case REGISTER -> {
                if (Refusals.saysArchived(attempt.error)) {
                    tally.count("a registration met an archived model");
                }
            }
            default -> {
                // meets nobody of interest
            }
        }
    }

    private void noteMeeting(Attempt attempt, String change, String event) {
        if (ledger.entries(attempt.intent.stream()).stream()
                .anyMatch(e -> attempt.isDuring(e) && e.change().equals(change))) {
            tally.count(event);
        }
    }

    private void noteCopy(Attempt attempt) {
        boolean meets = processes.stream()
                .map(Client::running)
                .anyMatch(other -> other != null
                        && other.intent.kind() == Kind.COPY
                        && other.intent.version() == attempt.intent.version()
                        && other.intent.model().equals(attempt.intent.model()));
        if (meets) {
            tally.count("a copy met another of the same");
        }
    }

    private void notePage(Attempt attempt) {
        if (!(attempt.answer instanceof Changes page)) {
            return;
        }
        if (ledger.streams().stream()
                .flatMap(stream -> ledger.entries(stream).stream())
                .anyMatch(attempt::isDuring)) {
            tally.count("a page was read while others wrote");
        }
        if (page.more()) {
            // a page longer than any schedule has more only when an event cites what landed after its stream was listed
            boolean waits = attempt.intent.content() == ModelRegistry.MOST_CHANGES;
            tally.count(waits ? "an event waited for what it cites" : "a page said that there is more");
        }
    }

    private void noteSteps(Attempt attempt, Resolution resolution) {
        int step = resolution.receipt().servedBy().map(Receipt.Choice::step).orElse(0);
        LedgerEntry entry = ledger.entry(attempt.intent.stream(), attempt.position);
        if (step > 0) {
            tally.count("a step taken by the clock");
            if (processes.stream().anyMatch(p -> isHalting(p, attempt.intent.stream()))) {
                tally.count("a step taken by the clock while another process halted");
            }
        }
        if (step < entry.stepsDue(attempt.clock)) {
            tally.count("no step taken by who couldn't see a halt");
        }
    }

    private static boolean isHalting(Client process, String stream) {
        Attempt running = process.running();
        return running != null
                && running.intent.kind() == Kind.HALT
                && running.intent.stream().equals(stream);
    }
}
