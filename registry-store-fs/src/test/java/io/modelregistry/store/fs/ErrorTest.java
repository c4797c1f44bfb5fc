package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelregistry.store.fs.Aftermath.Ending;
import java.io.IOException;
import java.nio.file.Path;
import java.security.ProviderException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operating system refuses one call, or every call of a kind from then on, for each call of each operation that writes: the
 * operation succeeds, fails for certain and has changed nothing, or says that it doesn't know and can find out. Once the fault is gone
 * the same client goes on.
 */
final class ErrorTest {
    private static final List<String> ERRORS = List.of("EIO", "ENOSPC", "EROFS", "EDQUOT");

    @TempDir
    private Path scratch;

    private Stages stages;
    private final Map<Ending, Integer> endings = Collections.synchronizedMap(new EnumMap<>(Ending.class));
    private final AtomicInteger undisturbed = new AtomicInteger();
    /** The machine had no random numbers, without which nothing begins: that isn't the store's to tell. */
    private final AtomicInteger withoutChance = new AtomicInteger();

    /** @param onwards whether all further calls of that name fail as well */
    private record Point(WriteOperation operation, Form form, Strace.Call call, String error, boolean onwards) {
        static Point parse(String text) {
            String[] words = text.split(" ", -1);
            return new Point(
                    WriteOperation.valueOf(words[0]),
                    Form.valueOf(words[1]),
                    new Strace.Call(words[2], Integer.parseInt(words[3]), true),
                    words[4],
                    words.length > 5);
        }

        boolean isWriting() {
            return call.changes() || call.name().endsWith("sync");
        }

        String injection() {
            return call.name() + ":error=" + error + ":when=" + call.number() + (onwards ? "+" : "");
        }

        @Override
        public String toString() {
            return operation + " " + form + " " + call + " " + error + (onwards ? " onwards" : "");
        }
    }

    @BeforeEach
    void needStrace() throws ReflectiveOperationException, IOException {
        assumeThat(Strace.obstacle()).as("skipped, no system call fails").isEmpty();
        stages = new Stages(scratch);
        // a class that is loaded while no file can be opened is missing for good
        Jvm.loadRegistryClasses();
    }

    @Test
    void aPromotionThatAFaultDisturbsSucceedsOrSaysWhatIsCertain() throws Exception {
        for (String point : List.of(
                "link 1 EIO",
                "link 1 ENOSPC onwards",
                "fsync 1 EIO",
                "fsync 4 EIO onwards",
                "mkdir 1 EROFS onwards",
                "write 1 EDQUOT",
                "unlink 1 EIO onwards")) {
            disturb(Point.parse("PROMOTE LINKS " + point));
        }

        assertThat(undisturbed).hasValue(0);
        assertThat(endings).containsKeys(Ending.SUCCEEDED, Ending.FAILED);
    }

    @Test
    @Tag("proof")
    void anySystemCallMayFail() throws Exception {
        String only = System.getProperty("crash.point");
        if (only != null) {
            disturb(Point.parse(only));
            return;
        }
        List<Point> points = points();

        long end = System.nanoTime() + Sampling.time().toNanos();

        Sampling writing = Sampling.run(points.stream().filter(Point::isWriting).toList(), end, this::disturb);
        Sampling others =
                Sampling.run(points.stream().filter(p -> !p.isWriting()).toList(), end, this::disturb);

        System.out.println("proof: failing system calls: " + ERRORS + " once and onwards, at " + writing
                + " calls that write or flush and " + others + " that open or look, in "
                + WriteOperation.values().length + " operations and both forms: " + endings + ", " + undisturbed
                + " runs didn't come to their fault, "
                + withoutChance + " had no random numbers");
        assertThat(endings).containsKeys(Ending.SUCCEEDED, Ending.FAILED);
    }

    /** Has one call fail, in a folder of the caller's. */
    static void disturb(Path scratch, String point) throws Exception {
        ErrorTest test = new ErrorTest();
        test.scratch = scratch;
        test.needStrace();
        test.disturb(Point.parse(point));
    }

    private List<Point> points() throws Exception {
        List<Point> points = new ArrayList<>();
        for (WriteOperation operation : WriteOperation.values()) {
            for (Form form : Form.values()) {
                Path place = stages.build(operation, form);
                try (Client client = warmClient(operation, form, place)) {
                    for (Strace.Call call : operation.different(
                            run(operation, client, place, List.of()).calls())) {
                        for (String error : ERRORS) {
                            points.add(new Point(operation, form, call, error, false));
                            if (!call.name().equals("read")) { // the JVM reads files of its own
                                points.add(new Point(operation, form, call, error, true));
                            }
                        }
                    }
                }
                stages.remove(place);
            }
        }
        points.sort(Comparator.comparing(Point::toString));
        return points;
    }

    private static Client warmClient(WriteOperation operation, Form form, Path place) {
        Client client = Client.of(Stages.registry(place), form);
        if (operation.needsRegistry()) {
            operation.perform(client, Victim.WARM_MODEL);
        }
        return client;
    }

    private void disturb(Point point) throws IOException {
        Path place = stages.build(point.operation(), point.form());
        try (Client client = warmClient(point.operation(), point.form(), place)) {
            Run run = run(point.operation(), client, place, List.of(point.injection()));
            check(point, Stages.registry(place), client, run);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "Disturbed at " + point + " (repeat with: bin/crash-test error '" + point + "'): " + e.getMessage(),
                    e);
        }
        stages.remove(place);
    }

    private void check(Point point, Path root, Client client, Run run) {
        if (run.failure() instanceof ProviderException
                && run.injected().stream().anyMatch(c -> c.contains("random>"))) {
            withoutChance.incrementAndGet();
            return;
        }
        if (run.injected().isEmpty()) {
            assertThat(run.failure()).isNull();
            undisturbed.incrementAndGet();
        }
        Aftermath aftermath = new Aftermath(point.operation(), point.form(), root);
        endings.merge(aftermath.check(run.failure()), 1, Integer::sum);
        aftermath.goOn(client);
        boolean mayLitter = point.call().name().matches("unlink|unlinkat|rmdir|.*stat.*");
        assertThat(RegistryFolder.read(root).temporaries()).hasSizeLessThanOrEqualTo(mayLitter ? 100 : 0);
    }

    /** What came of a call that {@code strace} watched. */
    private record Run(@Nullable RuntimeException failure, List<Strace.Call> calls, List<String> injected) {}

    private static Run run(WriteOperation operation, Client client, Path place, List<String> injections) {
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        SynchronousQueue<String> id = new SynchronousQueue<>();
        CountDownLatch word = new CountDownLatch(1);
        FutureTask<Void> task = new FutureTask<>(() -> {
            id.put(NativeThread.id());
            word.await();
            try {
                operation.perform(client, Victim.MODEL);
            } catch (RuntimeException e) {
                failure.set(e);
            }
            return null;
        });
        Thread worker = new Thread(task, "disturbed");
        worker.setDaemon(true);
        worker.start();
        try (Strace strace = Strace.attach(id.take(), place, Strace.CHANGING + "," + Strace.LOOKING, injections)) {
            word.countDown();
            task.get(60, TimeUnit.SECONDS);
            return new Run(failure.get(), strace.calls(), strace.injected());
        } catch (Exception e) {
            throw new AssertionError(operation + " did not end", e);
        }
    }
}
