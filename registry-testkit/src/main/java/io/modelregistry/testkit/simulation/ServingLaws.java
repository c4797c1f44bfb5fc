package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Router;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges what model handles serve: a lease has the model that its receipt names and that its key is given by what stands; what needs no loading is in force
 * with the poll that brought it; each model is closed once, when nobody has it; and once the faults are over the newest change is served whole.
 */
final class ServingLaws {
    /** After which whatever couldn't be loaded is tried again. */
    private static final Duration LONGEST_REST = Duration.ofMinutes(11);

    private static final int MOST_ROUNDS = 8;

    private final World world;
    private final Ledger ledger;

    ServingLaws(World world) {
        this.world = world;
        this.ledger = world.ledger();
    }

    /** Takes a lease and judges it; it is given back at once or kept for a while. */
    void lease(Attempt attempt, Service service) {
        HandleStatus before = service.status();
        Lease<Served> lease = service.acquire(Calls.key(attempt.intent));
        check(attempt, service, before, lease);
        if (world.tape().chance(300)) {
            service.keep(lease);
        } else {
            Service.giveBack(lease);
        }
        if (world.tape().chance(300)) {
            service.giveBack();
        }
    }

    private void check(Attempt attempt, Service service, HandleStatus before, Lease<Served> lease) {
        Receipt.Choice choice = lease.receipt().servedBy().orElseThrow();
        LedgerEntry entry = ledger.entry(service.stream(), choice.revision());
        long version = lease.version().number();
        require(
                "serving",
                attempt,
                "has the model that it names",
                version,
                lease.model().version());
        require(
                "serving",
                attempt,
                "has a model that was closed:",
                false,
                lease.model().isClosed());
        require("serving", attempt, "goes back:", false, choice.revision() < service.leased());
        service.lease(choice.revision());
        Deployment deployment = before.deployment().orElseThrow();
        world.answerLaws().checkDeployment(attempt, deployment);
        require("serving", attempt, "answers by", deployment.revision().sequence(), choice.revision());
        AnswerLaws.requireStep(attempt, entry, choice.step(), before.age());
        Rollout rollout =
                AnswerLaws.after(entry, choice.step(), deployment.rollout().orElseThrow());
        Arm assigned = Router.of(before.model(), rollout).arm(Calls.key(attempt.intent));
        boolean loaded = before.arms().stream()
                .anyMatch(arm -> arm.id().equals(assigned.id()) && arm.state() == HandleStatus.State.LOADED);
        Arm answers = loaded ? assigned : rollout.stable();
        require("serving", attempt, "is answered by the arm", answers.id(), choice.arm());
        require("serving", attempt, "is answered by the version", answers.version(), version);
        if (choice.step() < entry.stepsDue(attempt.clock)) {
            world.tally().count("no step was taken for a lease by who couldn't see a halt");
        }
        if (choice.step() > 0) {
            world.tally().count("a step was taken for a lease");
        }
        if (!AnswerLaws.blind(before.age()).isZero()) {
            world.tally().count("a lease by who couldn't see a halt");
        }
        if (!loaded) {
            world.tally().count("the stable arm answered for one that isn't loaded");
        }
    }

    /** Versions that a service can serve without loading anything. */
    static Set<Long> ready(Service service) {
        return service.status().arms().stream()
                .filter(arm -> arm.state() == HandleStatus.State.LOADED)
                .map(arm -> arm.version().number())
                .collect(Collectors.toSet());
    }

    /**
     * After a poll.
     *
     * @param ready what was loaded before
     * @param confirmed the newest revision that the store confirmed in this poll; 0 for none
     */
    void checkInForce(Attempt poll, Service service, Set<Long> ready, long confirmed) {
        HandleStatus status = service.status();
        long newest = AnswerLaws.revision(Optional.ofNullable(status.newest()));
        require("serving", List.of(poll, status), "knows what was confirmed:", true, newest >= confirmed);
        if (newest == AnswerLaws.revision(status.deployment()) || newest == 0) {
            return;
        }
        LedgerEntry entry = ledger.entry(service.stream(), newest);
        boolean canServe = entry.served() == 0 || ready.contains(entry.served());
        boolean serves = entry.served() == 0 && status.deployment().isEmpty();
        require("serving", List.of(poll, status), "waits with what it has:", false, canServe && !serves);
        world.tally().count("a change waited for its version");
    }

    /** I20, and no model is left open. */
    void requireConvergence(Client process) {
        for (Service service : process.services()) {
            for (int i = 0; i < MOST_ROUNDS && !isServed(service); i++) {
                world.passTime(LONGEST_REST);
                world.poll(process);
            }
            require("I20", service.status(), "is served whole:", true, isServed(service));
            world.tally().count("a handle was up to date after the faults");
            service.close();
        }
        process.finishBackground();
        for (Served model : process.models()) {
            require("serving", "version " + model.version(), "is closed in the end:", true, model.isClosed());
        }
    }

    private boolean isServed(Service service) {
        long newest = ledger.count(service.stream());
        HandleStatus status = service.status();
        boolean nothing = ledger.entry(service.stream(), newest).served() == 0;
        return AnswerLaws.revision(Optional.ofNullable(status.newest())) == newest
                && (nothing ? status.deployment().isEmpty() : status.isComplete());
    }
}
