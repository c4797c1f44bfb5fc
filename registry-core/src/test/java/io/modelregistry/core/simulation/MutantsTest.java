package io.modelregistry.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.testkit.mutant.Mutant;
import io.modelregistry.testkit.simulation.SimulationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A simulation that finds nothing proves nothing. */
@Tag("proof")
class MutantsTest {
    private static final int MOST_SCHEDULES = 200_000;

    @Test
    void everyMutantIsCaught() {
        List<String> survivors = new ArrayList<>();
        System.out.println("mutant | schedules until caught | by");
        for (Mutant mutant : Mutants.ALL) {
            SimulationReport report =
                    Mutants.simulate(mutant).withoutShrinking().run(0, MOST_SCHEDULES);
            String by = report.failure().map(f -> f.problem().getMessage()).orElse("nothing");
            System.out.println(
                    mutant + " | " + (report.schedules() + 1) + " | " + by.substring(0, Math.min(160, by.length())));
            if (report.failure().isEmpty()) {
                survivors.add(mutant.name());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "proof: mutants: %d of %d caught%n",
                Mutants.ALL.size() - survivors.size(),
                Mutants.ALL.size());

        assertThat(survivors).isEmpty();
    }
}
