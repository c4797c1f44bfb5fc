package io.modelregistry.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Digest;
import io.modelregistry.testkit.simulation.Simulation;
import io.modelregistry.testkit.simulation.SimulationFailure;
import io.modelregistry.testkit.simulation.SimulationReport;
import io.modelregistry.testkit.simulation.SimulationTrace;
import io.modelregistry.testkit.simulation.Stores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A short simulation, and that it is what it says: deterministic, shrinking, able to find something. */
class SimulationTest {
    private static final int SCHEDULES = 1_500;
    private static final int TRACES = 60;

    @Test
    void noScheduleBreaksAnInvariant() {
        SimulationReport report = Simulation.of(Stores.inMemory())
                .on(new MemoryDisks(), MemoryDisks.PER_MILLE)
                .replayedBy("bin/simulate \"%s\"")
                .run(0, SCHEDULES);

        assertThat(report.failure().map(SimulationFailure::toString)).isEmpty();
        assertThat(report.schedules()).isEqualTo(SCHEDULES);
        assertThat(report.faults()).isGreaterThan(2 * SCHEDULES);
        assertThat(List.of(
                        "end: FEED DONE",
                        "end: NOTES DONE",
                        "end: ADD_NOTE DONE",
                        "end: ERASE_NOTE DONE",
                        "a page was read while others wrote",
                        "a page said that there is more",
                        "a reader of the feed was followed by another"))
                .allSatisfy(event -> assertThat(report.count(event)).as(event).isPositive());
    }

    @Test
    void aScheduleIsAFunctionOfItsSeed() {
        Simulation simulation = Simulation.of(Stores.inMemory()).on(new MemoryDisks(), MemoryDisks.PER_MILLE);

        List<SimulationTrace> first = traces(simulation);
        List<SimulationTrace> second = traces(simulation);

        assertThat(second).isEqualTo(first);
        assertThat(first.stream().mapToInt(t -> t.steps().size()).sum()).isGreaterThan(20 * TRACES);
    }

    /** Hash codes of objects, and the order of immutable sets and maps, differ between two JVMs. */
    @Test
    void aScheduleIsTheSameInAnotherJvm() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SimulationTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String there = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertThat(other.waitFor()).isZero();
        assertThat(there).isEqualTo(digest());
    }

    public static void main(String[] arguments) {
        System.out.println(digest());
    }

    @Test
    void aFailureIsShrunkAndCanBeReplayed() {
        Simulation broken = Mutants.simulate(Mutants.BLIND_PROMOTION, 200).replayedBy("again %s");

        SimulationReport found = broken.run(0, 2_000);

        SimulationFailure failure = found.failure().orElseThrow();
        SimulationTrace again = broken.replay(failure.schedule());
        SimulationTrace unshrunk = broken.replay("seed:" + failure.seed());
        assertThat(again.problem())
                .hasValueSatisfying(
                        p -> assertThat(p).hasMessage(failure.problem().getMessage()));
        assertThat(again.steps()).isEqualTo(failure.steps());
        assertThat(unshrunk.problem()).isPresent();
        assertThat(again.steps().size()).isLessThan(unshrunk.steps().size());
        assertThat(failure.command()).isEqualTo("again " + failure.schedule());
        assertThat(failure.toString()).matches("(?s)I(8|21): environments/.*").contains(failure.command());
    }

    @Test
    void theSameScheduleFindsNothingInTheRealRegistry() {
        SimulationFailure failure = Mutants.simulate(Mutants.BLIND_PROMOTION, 200)
                .run(0, 2_000)
                .failure()
                .orElseThrow();

        SimulationTrace real = Simulation.of(Stores.inMemory())
                .on(new MemoryDisks(), MemoryDisks.PER_MILLE)
                .replay(failure.schedule());

        assertThat(real.problem()).isEmpty();
    }

    private static List<SimulationTrace> traces(Simulation simulation) {
        return LongStream.range(0, TRACES)
                .mapToObj(seed -> simulation.replay("seed:" + seed))
                .toList();
    }

    private static String digest() {
        String all = String.join(
                "\n",
                traces(Simulation.of(Stores.inMemory()).on(new MemoryDisks(), MemoryDisks.PER_MILLE)).stream()
                        .flatMap(t -> t.steps().stream())
                        .toList());
        return Digest.of(all.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
