package io.modelregistry.core.nth;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.Reproduction;
import io.modelregistry.Version;
import io.modelregistry.policy.Policies;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultType;
import io.modelregistry.testkit.InjectedFault;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operation of the registry, with every fault at the first, second, third … call that it makes of the store, until it makes no more: the way
 * SQLite tests what happens when it runs out of memory. {@link Trial} says what must hold then.
 */
final class NthCallTest {
    /** These reach no store; the rows of {@link Operations} cover all others. */
    private static final Set<String> WITHOUT_THE_STORE = Set.of(
            "ModelRegistry.id()",
            "ModelRegistry.location()",
            "ModelRegistry.as(Actor)",
            "ModelRegistry.as(String)",
            "ModelRegistry.model(String)",
            "ModelRegistry.version(VersionId)",
            "ModelRegistry.policy()",
            "ModelRegistry.serving()",
            "ModelRegistry.handles()",
            "ModelRegistry.listen(RegistryListener)",
            "Policies.parse(String)",
            "Policies.format(Policy)",
            "ModelRegistry.close()",
            "Model.name()",
            "Model.version(long)",
            "Model.environment(String)",
            "Version.id()",
            "Environment.name()",
            "Reproduction.receipt()",
            "Reproduction.missing()",
            "Reproduction.isComplete()",
            "Reproduction.version()",
            "Reproduction.deployment()",
            "Reproduction.signature()",
            "Reproduction.runtime()",
            "Reproduction.drift()");

    private static final List<Temperature> TEMPERATURES = List.of(Temperature.values());

    private static final AtomicLong RUNS = new AtomicLong();
    private static final AtomicLong FAULTS = new AtomicLong();
    private static final Set<FaultType> TYPES = ConcurrentHashMap.newKeySet();

    private static ExpectedWarnings warnings;

    @BeforeAll
    static void keepExpectedWarningsOutOfTheLog() {
        warnings = new ExpectedWarnings("BlobReader - The blob blobs/tumor/sha256/");
    }

    @AfterAll
    static void logEverythingAgain() {
        warnings.close();
    }

    @AfterAll
    static void everyFaultOccurredAndIsCounted() {
        if (RUNS.get() == 0) {
            return; // only the others were run
        }
        assertThat(warnings.count()).as("warnings that were expected").isPositive();
        assertThat(TYPES).containsAll(EnumSet.complementOf(EnumSet.of(FaultType.NONE)));
        System.out.println("proof: n-th call: " + Operations.all().size() + " operations, " + RUNS + " runs, " + FAULTS
                + " faults");
    }

    @TestFactory
    Stream<DynamicTest> everyFaultAtEveryCall() {
        return tests(false);
    }

    @TestFactory
    @Tag("proof")
    Stream<DynamicTest> everyFaultOfOneKindAtEveryCallToo() {
        return tests(true);
    }

    private static Stream<DynamicTest> tests(boolean thorough) {
        return Operations.all().stream()
                .flatMap(row -> Stream.of(Temperature.values())
                        .filter(temperature -> temperature != Temperature.STALE || !row.fromMemory())
                        .map(temperature -> DynamicTest.dynamicTest(
                                row + ", " + temperature, () -> tryEverything(row, temperature, thorough))));
    }

    private static void tryEverything(Row row, Temperature temperature, boolean thorough) {
        Trial.Truth truth = Trial.truth(row, temperature);
        List<String> problems = Plans.of(temperature, truth.calls(), thorough).parallelStream()
                .map(way -> problem(row, temperature, truth, way))
                .filter(problem -> !problem.isEmpty())
                .sorted()
                .toList();

        FaultPlan beyond = FaultPlan.onCall(truth.calls().size() + 1, Fault.UNAVAILABLE);
        assertThat(Trial.run(row, temperature, truth, beyond, false))
                .as("what went wrong in the call after the last")
                .isEmpty();
        assertThat(problems.stream().limit(3).collect(joining("\n\n")))
                .as("%d problems", problems.size())
                .isEmpty();
    }

    private static String problem(Row row, Temperature temperature, Trial.Truth truth, Plans.Way way) {
        try {
            List<InjectedFault> faults = Trial.run(row, temperature, truth, way.plan(), way.lateFirst());
            assertThat(faults).as("faults that occurred").isNotEmpty();
            RUNS.incrementAndGet();
            FAULTS.addAndGet(faults.size());
            faults.forEach(fault -> TYPES.add(fault.fault().type()));
            return "";
        } catch (AssertionError e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    @Tag("proof")
    void anyFaultsAtAnyCalls() {
        long start = System.nanoTime();
        long nanos = 1_000_000_000L * Long.getLong("proof.seconds", 5);
        long seed = Long.getLong("nth.seed", new SplittableRandom().nextLong());
        List<Row> rows = Operations.all();
        Map<String, Trial.Truth> truths = new HashMap<>();
        long runs = 0;
        long faults = 0;
        SplittableRandom random = new SplittableRandom(seed);
        while (System.nanoTime() - start < nanos) {
            Row row = rows.get(random.nextInt(rows.size()));
            Temperature temperature =
                    row.fromMemory() ? Temperature.WARM : TEMPERATURES.get(random.nextInt(TEMPERATURES.size()));
            Trial.Truth truth = truths.computeIfAbsent(row + "," + temperature, key -> Trial.truth(row, temperature));
            Plans.Way way = Plans.random(random.nextLong());
            try {
                faults += Trial.run(row, temperature, truth, way.plan(), way.lateFirst())
                        .size();
            } catch (AssertionError e) {
                throw new AssertionError("With -Dnth.seed=" + seed + ", run " + runs + ": " + e.getMessage(), e);
            }
            runs++;
        }
        System.out.println("proof: n-th call, many faults: " + runs + " runs, " + faults + " faults, seed " + seed);
    }

    @Test
    void everyMethodThatReachesTheStoreHasARow() {
        Set<String> methods = new TreeSet<>();
        for (Class<?> type : List.of(
                ModelRegistry.class,
                Model.class,
                Version.class,
                Environment.class,
                Policies.class,
                Reproduction.class)) {
            for (Method method : type.getDeclaredMethods()) {
                if (!method.isSynthetic()) {
                    methods.add(name(method));
                }
            }
        }
        methods.removeAll(WITHOUT_THE_STORE);

        assertThat(Operations.all().stream().flatMap(row -> row.covers().stream()))
                .containsAll(methods)
                .allSatisfy(covered -> assertThat(methods).contains(covered));
        assertThat(Operations.all()).extracting(Row::name).doesNotHaveDuplicates();
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(joining(",", "(", ")"));
    }
}
