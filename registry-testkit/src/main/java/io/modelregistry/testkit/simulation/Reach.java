package io.modelregistry.testkit.simulation;

import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What has to occur if a simulation is to mean anything: each fault in each kind of call, each way a slot is settled, each end, each race. */
final class Reach {
    /** By what they say to a reader; the patterns match whole names of events. */
    private static final Map<String, String> SLOTS = Map.of(
            "created at once", "C",
            "created after an unknown outcome", "U[UN]*C",
            "own entry found after a lost answer", "[UN]*UXo",
            "own entry found after a doubled request", "Xo",
            "lost to another", "Xa",
            "lost to another after an unknown outcome", "[UN]*UXa",
            "a read-back failed and was repeated", ".*Xf.*[oaC]",
            "refused after an unknown outcome", "[UN]*UR.*",
            "not sent, then created", "N+C",
            "given up without knowing", ".*U[fm]?");

    private static final List<String> OTHERS = List.of(
            "a promotion met a retirement and was withdrawn",
            "a retirement met a promotion and was abandoned",
            "landed after its caller was told",
            "repeated until it was done",
            "interrupted",
            "an approval of several",
            "the last of 1 approvals",
            "the last of 2 approvals",
            "end: APPROVE REFUSED RulesUnmetException",
            "end: PROMOTE REFUSED RulesUnmetException",
            "a step taken by the clock",
            "a receipt was found again by its instant",
            "a poll was answered",
            "a poll was in vain",
            "a poll brought a change",
            "a place was up to date after the faults",
            "a handle was up to date after the faults",
            "the stable arm answered for one that isn't loaded",
            "a change waited for its version",
            "a step was taken for a lease",
            "a lease by who couldn't see a halt",
            "started while the store was away",
            "what the machine knew was served",
            "a halt met a ramp",
            "a page was read while others wrote",
            "a page said that there is more",
            "an event waited for what it cites",
            "a reader of the feed was followed by another",
            "notes were read while one was erased",
            "an erasure was left unfinished",
            "a registration met an archived model",
            "a transfer met an archive",
            "a copy met another of the same",
            "a copier added what was found out since",
            "end: RAMP REFUSED ConflictException",
            "end: CONCLUDE REFUSED ConflictException",
            "outcome: COMMITTED",
            "outcome: NOT_COMMITTED",
            "outcome: STILL_UNKNOWN",
            "end: REGISTER REFUSED LabelTakenException",
            "end: REGISTER REFUSED StoreFullException",
            "end: PROMOTE REFUSED ConflictException",
            "end: ROLL_BACK REFUSED ConflictException",
            "end: RETIRE REFUSED ConflictException",
            "end: .* REFUSED IllegalTransitionException",
            "end: .* REFUSED NotFoundException");

    private Reach() {}

    /** What did not occur. */
    static List<String> missing(SimulationReport report) {
        List<String> missing = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            missing(report, missing, "end: " + kind + " DONE");
            missing(report, missing, "end: " + kind + " CRASHED.*");
            if (kind != Kind.POLL) {
                missing(report, missing, "end: " + kind + " REFUSED StoreUnavailableException");
            }
            if (kind.writes()) {
                missing(report, missing, "end: " + kind + " UNKNOWN.*");
            }
        }
        faults(
                report,
                missing,
                Weather.WRITES,
                Operation.CREATE,
                Operation.UPLOAD,
                Operation.OVERWRITE,
                Operation.DELETE);
        faults(report, missing, Weather.READS, Operation.GET, Operation.STAT, Operation.LIST, Operation.STORE_TIME);
        faults(report, missing, Weather.HINTS, Operation.GET);
        SLOTS.forEach((what, letters) -> {
            if (report.count("slot: " + letters) == 0) {
                missing.add("slot: " + what);
            }
        });
        OTHERS.forEach(event -> missing(report, missing, event));
        return missing;
    }

    private static void faults(
            SimulationReport report, List<String> missing, List<Fault> faults, Operation... operations) {
        for (Fault fault : faults) {
            for (Operation operation : operations) {
                missing(report, missing, "fault: " + fault.type() + " " + operation);
            }
        }
    }

    private static void missing(SimulationReport report, List<String> missing, String event) {
        if (report.count(event) == 0) {
            missing.add(event);
        }
    }
}
