package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

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
        Telling telling = new Telling(process, status);
        String stream = telling.stream();
        long position = telling.position();
        world.note(() -> "    " + process + " says that " + stream + " is " + status.freshness() + " at " + position);
        requireWhatStood(telling);
        Attempt running = process.running();
        if (status.freshness() == Freshness.CONFIRMED) {
            world.tally().count("a poll was answered");
            met.add(process + " " + stream);
            if (running != null) {
                long stood = ledger.countAt(stream, running.invoked);
                require("I13", telling, "saw what stood when it asked:", true, position >= stood);
                requireFresh(telling, running);
                running.confirmed.put(stream, position);
            }
            require("I14", telling, "goes back:", false, position < process.leastFromMemory(stream));
            process.learn(stream, position);
            process.resolve(stream, position);
        } else {
            world.tally().count("a poll was in vain");
            if (position > 0 && !met.contains(process + " " + stream)) {
                world.tally().count("what the machine knew was served");
            }
            boolean reason = running == null
                    || !running.disturbances.isEmpty()
                    || Duration.between(running.invokedAt, world.clock().now()).compareTo(Scene.TIMEOUT) >= 0;
            require("refusal", telling, "has a reason:", true, reason);
        }
    }

    /** What was confirmed just now is no older than the question. */
    private void requireFresh(Telling telling, Attempt running) {
        Duration asked = Duration.between(running.invokedAt, world.clock().now());
        Duration age = telling.status().age();
        boolean fresh = age != null && age.compareTo(asked) <= 0;
        require("I13", telling, "says how long ago it asked, at most " + asked + ":", true, fresh);
    }

    /** The process found another change. */
    void changed(Client process, ServingStatus status) {
        Telling telling = new Telling(process, status);
        world.tally().count("a poll brought a change");
        requireWhatStood(telling);
        Long before = changed.put(process + " " + telling.stream(), telling.position());
        boolean goesOn = before == null || before < telling.position();
        require("I13", telling, "goes on from " + before + ":", true, goesOn);
    }

    /** What a process told; written out only where it is wrong. */
    private record Telling(Client process, ServingStatus status) {

        String stream() {
            return Paths.environment(
                    status.environment().value(), status.model().value());
        }

        long position() {
            return AnswerLaws.revision(status.deployment());
        }

        @Override
        public String toString() {
            return process + " told: " + status;
        }
    }

    private void requireWhatStood(Telling telling) {
        String stream = telling.stream();
        require("I13", telling, "stands:", true, telling.position() <= ledger.count(stream));
        telling.status().deployment().ifPresent(d -> world.answerLaws().checkDeployment(telling, d));
        Duration age = telling.status().age();
        if (age != null && telling.process().machine().measuresAges()) {
            Instant confirmed = world.clock().now().minus(age);
            boolean seen = telling.position() >= ledger.countStoredBefore(stream, confirmed);
            require("I13", telling, "has what had been stored when it was confirmed:", true, seen);
            if (telling.position() > 0) {
                AnswerLaws.requireAge(telling, telling.process(), ledger.entry(stream, telling.position()), age);
            }
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
            Telling telling = new Telling(process, status);
            require("I20", process + " after the faults", "says", Freshness.CONFIRMED, status.freshness());
            require("I20", telling, "has position", ledger.count(telling.stream()), telling.position());
            world.tally().count("a place was up to date after the faults");
        }
        require(
                "I20",
                process + " after the faults",
                "asks the store to tell",
                0L,
                world.witness().calls() - calls);
    }
}
