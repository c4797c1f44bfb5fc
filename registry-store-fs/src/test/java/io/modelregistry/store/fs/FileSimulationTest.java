package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.testkit.simulation.Simulation;
import io.modelregistry.testkit.simulation.SimulationFailure;
import io.modelregistry.testkit.simulation.SimulationReport;
import io.modelregistry.testkit.simulation.Stores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The registry's simulation over real files: what any backend outside this project can do as well. */
class FileSimulationTest {
    private static final int SCHEDULES = 40;

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    @ParameterizedTest
    @EnumSource
    void noScheduleBreaksAnInvariantOverFiles(Form form) {
        SimulationReport report = Simulation.of(stores(form)).run(0, SCHEDULES);

        assertThat(report.failure().map(SimulationFailure::toString)).isEmpty();
        assertThat(report.schedules()).isEqualTo(SCHEDULES);
    }

    @Test
    @Tag("proof")
    void noScheduleBreaksAnInvariantHoweverLongItTakes() {
        int seconds = Integer.getInteger("proof.seconds", 5);

        SimulationReport report = Simulation.of(stores(Form.LINKS))
                .run(Long.getLong("simulation.seed", System.currentTimeMillis() << 20), Duration.ofSeconds(seconds));

        System.out.println("proof: simulation over files: " + report);
        assertThat(report.failure().map(SimulationFailure::toString)).isEmpty();
    }

    private Stores stores(Form form) {
        return clock -> {
            Path root = fresh();
            return () -> new FileBackend(root, Host.system(), form.files());
        };
    }

    private Path fresh() {
        try {
            return Files.createTempDirectory(folder, "schedule");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
