package io.modelregistry.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.testkit.simulation.Simulation;
import io.modelregistry.testkit.simulation.SimulationFailure;
import io.modelregistry.testkit.simulation.SimulationReport;
import io.modelregistry.testkit.simulation.SimulationTrace;
import io.modelregistry.testkit.simulation.Stores;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The simulation for as long as one likes, from a seed of its own each time. */
@Tag("proof")
class SimulationProofTest {
    /** From here on everything that has to occur does, rare as some of it is. */
    private static final long SCHEDULES_THAT_REACH_ALL = 300_000;

    @Test
    void noScheduleBreaksAnInvariant() {
        long seed = Long.getLong("simulation.seed", System.currentTimeMillis() << 20);
        Duration time =
                Duration.ofSeconds(Integer.getInteger("simulation.seconds", Integer.getInteger("proof.seconds", 5)));

        SimulationReport report = Simulation.of(Stores.inMemory())
                .on(new MemoryDisks(), MemoryDisks.PER_MILLE)
                .replayedBy("bin/simulate \"%s\"")
                .run(seed, time);

        System.out.println("From seed " + seed + ":\n" + report.table());
        System.out.println("proof: simulation: " + report + " in " + time.toSeconds() + " s");
        assertThat(report.failure().map(SimulationFailure::toString)).isEmpty();
        if (report.schedules() >= SCHEDULES_THAT_REACH_ALL) {
            assertThat(report.unreached()).isEmpty();
        }
    }

    /** What {@code bin/simulate} runs. */
    @Test
    void replayTellsOneScheduleStepByStep() {
        String schedule = System.getProperty("simulation.schedule", "seed:0");

        SimulationTrace trace = Simulation.of(Stores.inMemory())
                .on(new MemoryDisks(), MemoryDisks.PER_MILLE)
                .replay(schedule);

        System.out.println("Schedule " + schedule + ":\n  " + String.join("\n  ", trace.steps()));
        assertThat(trace.problem()).isEmpty();
    }
}
