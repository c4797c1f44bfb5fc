package io.modelregistry.core.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.core.linearizability.NaiveRegister.Mistake;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.Operation;
import io.modelregistry.testkit.linearizability.History;
import io.modelregistry.testkit.linearizability.History.Found;
import io.modelregistry.testkit.linearizability.StreamLinearizability;
import io.modelregistry.testkit.linearizability.StreamLinearizability.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mistakes that the append protocol is there to avoid show in the histories of real threads. */
class NaiveRegisterTest {
    private static final int CLIENTS = 6;
    private static final int OPERATIONS = 15;
    private static final int RUNS = 20;

    @Test
    void withoutAMistakeEveryHistoryIsLinearizable() throws Exception {
        assertThat(violations(Mistake.NONE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"MOVES_ON, and again at", "REPORTS_FAILURE, a refused write stands at", "BELIEVES_EXISTS, and again at"
    })
    void eachMistakeIsNoticedForWhatItIs(Mistake mistake, String said) throws Exception {
        assertThat(violations(mistake)).extracting(Violation::what).anyMatch(what -> what.contains(said));
    }

    @Test
    void readsFromMemoryAreNoticed() {
        MemoryStore store = new MemoryStore(new ManualHost());
        NaiveRegister writer = new NaiveRegister(store.open(), Mistake.NONE);
        NaiveRegister reader = new NaiveRegister(store.open(), Mistake.READS_FROM_MEMORY);
        History history = new History(System::nanoTime);
        history.write("ada", "first", () -> writer.append("first"));
        history.read("ben", reader::read);
        history.write("ada", "second", () -> writer.append("second"));

        history.read("ben", reader::read);

        assertThat(StreamLinearizability.check(history.operations(), stream(store)))
                .extracting(Violation::what)
                .containsExactly("the first had ended when the second began, and comes after it");
    }

    private static List<Violation> violations(Mistake mistake) throws Exception {
        List<Violation> violations = new ArrayList<>();
        for (long seed = 1; seed <= RUNS; seed++) {
            violations.addAll(run(mistake, seed));
        }
        return violations;
    }

    private static List<Violation> run(Mistake mistake, long seed) throws Exception {
        MemoryStore store = new MemoryStore(new ManualHost());
        History history = new History(System::nanoTime);
        CyclicBarrier start = new CyclicBarrier(CLIENTS);
        List<Callable<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            String name = "client-" + i;
            SplittableRandom random = new SplittableRandom(seed * CLIENTS + i);
            FaultPlan lostAnswers = call ->
                    call.operation() == Operation.CREATE && call.number() % 5 == 0 ? Fault.LOST_ANSWER : Fault.NONE;
            NaiveRegister register = new NaiveRegister(new FaultyBackend(store.open(), lostAnswers), mistake);
            clients.add(() -> {
                start.await();
                for (int n = 0; n < OPERATIONS; n++) {
                    String value = name + ":" + n;
                    if (random.nextBoolean()) {
                        history.read(name, register::read);
                    } else {
                        history.write(name, value, () -> register.append(value));
                    }
                }
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        for (Future<Void> end : threads.invokeAll(clients)) {
            end.get();
        }
        threads.shutdown();
        return StreamLinearizability.check(history.operations(), stream(store));
    }

    private static List<String> stream(MemoryStore store) {
        List<String> values = new ArrayList<>();
        NaiveRegister reader = new NaiveRegister(store.open(), Mistake.NONE);
        long length = reader.read().map(Found::position).orElse(0L);
        for (long place = 1; place <= length; place++) {
            Optional<byte[]> content =
                    store.open().get("register/" + place, 1 << 10).map(o -> o.content());
            values.add(new String(content.orElseThrow(), StandardCharsets.UTF_8));
        }
        return values;
    }
}
