package io.modelregistry.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.testkit.simulation.Simulation;
import io.modelregistry.testkit.simulation.SimulationReport;
import io.modelregistry.testkit.simulation.Stores;
import org.junit.jupiter.api.Test;

class SimulationTest {
    @Test
    void noScheduleBreaksAnInvariant() {
        long t = System.nanoTime();
        SimulationReport report = Simulation.of(Stores.inMemory()).run(0, Integer.getInteger("n", 2000));
        System.out.println(report + " in " + (System.nanoTime() - t) / 1_000_000 + " ms");
        System.out.println(report.table());
        assertThat(report.failure().map(Object::toString)).isEmpty();
    }
}
