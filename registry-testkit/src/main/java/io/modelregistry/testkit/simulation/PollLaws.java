package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.environment.ServingStatus.Freshness;
import io.modelregistry.testkit.simulation.Attempt.End;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Judges what a process tells of the places it serves from: what it says is confirmed stood, what it has seen never goes back (I13), and its poller gets done once the
 * faults are over (I20).
 */
final class PollLaws {
    /** After which every place is due, however often it was asked for in vain. */
    private static final Duration LONGEST_REST = Scene.OPTIONS.pollInterval().multipliedBy(5);

    private final World world;
    private final Ledger ledger;
    /** The newest revision that each process told its listeners of, by process and stream. */
    private final Map<String, Long> changed = new HashMap<>();

    /** Who has heard from the store about which stream. */
    private final Set<String> met = new HashSet<>();

    PollLaws(World world) {
        this.world = world;
        this.ledger = world.ledger();
    }

    /** The store was asked about a place, by the poller or by a caller who didn't want to wait for it. */
    void polled(Client process, ServingStatus status) {
        String told = process + " told of a poll: " + status;
        world.note(() -> "    " + process + " says that "
                + Paths.environment(status.environment().value(), status.model().value()) + " is " + status.freshness()
                + " at " + position(status));
        requireWhatStood(process, told, status);
        String stream = stream(status);
        Attempt running = process.running();
        if (status.freshness() == Freshness.CONFIRMED) {
            world.tally().count("a poll was answered");
            met.add(process + " " + stream);
            if (running != null) {
                long stood = ledger.countAt(stream, running.invoked);
                require("I13", told, "saw what stood when it asked:", true, position(status) >= stood);
            }
            require("I14", told, "goes back:", false, position(status) < process.leastFromMemory(stream));
            if (running != null) {
                running.confirmed.put(stream, position(status));
            }
            process.learn(stream, position(status));
            process.resolve(stream, position(status));
        } else {
            world.tally().count("a poll was in vain");
            if (position(status) > 0 && !met.contains(process + " " + stream)) {
                world.tally().count("what the machine knew was served");
            }
            boolean reason = running == null
                    || !running.disturbances.isEmpty()
                    || Duration.between(running.invokedAt, world.clock().now()).compareTo(Scene.TIMEOUT) >= 0;
            require("refusal", told, "has a reason:", true, reason);
        }
    }

    /** The process found another change. */
    void changed(Client process, ServingStatus status) {
        String told = process + " told of a change: " + status;
        world.tally().count("a poll brought a change");
        requireWhatStood(process, told, status);
        Long before = changed.put(process + " " + stream(status), position(status));
        require("I13", told, "goes on from " + before + ":", true, before == null || before < position(status));
    }

    private void requireWhatStood(Client process, String told, ServingStatus status) {
        String stream = stream(status);
        Deployment deployment = status.newest();
        require("I13", told, "stands:", true, position(status) <= ledger.count(stream));
        if (deployment != null) {
            world.answerLaws().checkDeployment(told, deployment);
        }
        Duration age = status.age();
        if (age != null && process.measuresAges()) {
            Instant confirmed = world.clock().now().minus(age);
            boolean seen = position(status) >= ledger.countStoredBefore(stream, confirmed);
            require("I13", told, "has what had been stored when it was confirmed:", true, seen);
        }
    }

    /** However it went, a while after the faults are over what is served is the newest, and nobody waits for the store. */
    void requireConvergence(Client process) {
        world.passTime(LONGEST_REST);
        Attempt poll = world.poll(process);
        if (poll.end != End.DONE) {
            throw new Violation("I20", poll + " with nothing in the way");
        }
        long calls = world.witness().calls();
        for (ServingStatus status : process.registry().serving()) {
            require("I20", process + " after the faults", "says", Freshness.CONFIRMED, status.freshness());
            require("I20", status, "has position", ledger.count(stream(status)), position(status));
            world.tally().count("a place was up to date after the faults");
        }
        require(
                "I20",
                process + " after the faults",
                "asks the store to tell",
                0L,
                world.witness().calls() - calls);
    }

    private static String stream(ServingStatus status) {
        return Paths.environment(status.environment().value(), status.model().value());
    }

    private static long position(ServingStatus status) {
        return status.deployment().map(d -> d.revision().sequence()).orElse(0L);
    }
}
