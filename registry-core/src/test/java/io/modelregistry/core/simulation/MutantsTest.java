package io.modelregistry.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.testkit.mutant.Mutant;
import io.modelregistry.testkit.simulation.SimulationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A simulation that finds nothing proves nothing. */
class MutantsTest {
    private static final int MOST_SCHEDULES = Integer.getInteger("mutants.schedules", 200_000);

    /** Cheap enough for every build, so that a change of the code doesn't leave its mutant behind. */
    @Test
    void everyMutantFollowsTheCode() {
        for (Mutant mutant : Mutants.ALL) {
            assertThat(mutant.compile()).isNotEmpty();
        }
    }

    /** {@code -Dmutants=a.lease} for those with such names. */
    @Test
    @Tag("proof")
    void everyMutantIsCaught() {
        Pattern wanted = Pattern.compile(System.getProperty("mutants", ".*"));
        List<Mutant> mutants = Mutants.ALL.stream()
                .filter(mutant -> wanted.matcher(mutant.name()).find())
                .toList();

        List<String> caught =
                mutants.parallelStream().map(MutantsTest::caught).toList(); // one for each processor at a time

        List<String> survivors = new ArrayList<>();
        System.out.println("mutant | schedules until caught | by");
        for (int i = 0; i < mutants.size(); i++) {
            String by = caught.get(i);
            System.out.println(mutants.get(i) + " | " + by.substring(0, Math.min(200, by.length())));
            if (by.isEmpty()) {
                survivors.add(mutants.get(i).name());
            }
        }
        System.out.printf(
                Locale.ROOT, "proof: mutants: %d of %d caught%n", mutants.size() - survivors.size(), mutants.size());

        assertThat(survivors).isEmpty();
    }

    /** How many schedules it took, and what noticed; empty when nothing did. Some mistakes take disks to show, others show sooner without. */
    private static String caught(Mutant mutant) {
        long before = 0;
        try {
            for (int disks : new int[] {500, 60}) {
                SimulationReport report =
                        Mutants.simulate(mutant, disks).withoutShrinking().run(0, MOST_SCHEDULES / 2);
                if (report.failure().isPresent()) {
                    return (before + report.schedules() + 1)
                            + " | "
                            + report.failure().get().problem().getMessage();
                }
                before += report.schedules();
            }
            return "";
        } catch (AssertionError e) {
            return "0, in peace | " + e.getMessage();
        }
    }
}
