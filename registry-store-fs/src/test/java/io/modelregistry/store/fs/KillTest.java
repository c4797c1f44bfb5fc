package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelregistry.testkit.mutant.Mutant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed just before a system call on files, for each such call of each operation that writes: what it acknowledged stands
 * once, what it was about stands once or not at all, nothing is half, and whoever comes next repeats it and goes on.
 */
final class KillTest {
    private static final Duration LONG = Duration.ofDays(1);
    private static final int KILLED = 128 + 9;

    @TempDir
    private Path scratch;

    private Stages stages;
    private Jvm jvm = Jvm.plain();
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger leftBehind = new AtomicInteger();

    /** Before which call: the third {@code fsync} of a promotion. */
    private record Point(WriteOperation operation, Form form, Strace.Call call) {
        static Point parse(String text) {
            String[] words = text.split(" ", -1);
            return new Point(
                    WriteOperation.valueOf(words[0]),
                    Form.valueOf(words[1]),
                    new Strace.Call(words[2], Integer.parseInt(words[3]), true));
        }

        @Override
        public String toString() {
            return operation + " " + form + " " + call;
        }
    }

    @BeforeEach
    void needStrace() {
        assumeThat(Strace.obstacle()).as("skipped, no process is killed").isEmpty();
        stages = new Stages(scratch);
    }

    @Test
    void aProcessKilledInAPromotionLeavesItWholeOrAbsent() throws Exception {
        for (String point : List.of("link 1", "fsync 4", "unlink 1")) {
            kill(Point.parse("PROMOTE LINKS " + point));
        }

        assertThat(kills).hasValue(3);
    }

    @Test
    @Tag("proof")
    void aProcessMayBeKilledBeforeAnySystemCall() throws Exception {
        String only = System.getProperty("crash.point");
        if (only != null) {
            kill(Point.parse(only));
            return;
        }
        prepareQuickJvm();
        List<Point> points = points(List.of(WriteOperation.values()));
        long end = System.nanoTime() + Sampling.time().toNanos();

        Sampling changing =
                Sampling.run(points.stream().filter(p -> p.call().changes()).toList(), end, this::kill);
        Sampling others =
                Sampling.run(points.stream().filter(p -> !p.call().changes()).toList(), end, this::kill);

        System.out.println("proof: kill -9: before " + changing + " system calls that change the folder and " + others
                + " that open or flush, in " + WriteOperation.values().length + " operations and both forms: " + kills
                + " processes killed, " + leftBehind + " temporaries left behind and swept");
        assertThat(kills).hasPositiveValue();
        assertThat(leftBehind.get()).isLessThanOrEqualTo(kills.get());
    }

    private void prepareQuickJvm() throws IOException, InterruptedException {
        jvm = jvm.inJars(scratch);
        Path place = stages.build(WriteOperation.REGISTER, Form.LINKS);
        Process trainee =
                jvm.training().start(Victim.class, WriteOperation.REGISTER, Form.LINKS, Stages.registry(place));
        Jvm.letGo(trainee);
        assertThat(trainee.waitFor()).isZero();
    }

    /** Kills a mutant's processes before every call of a promotion that changes something. */
    static void killEverywhere(Path scratch, Mutant mutant) throws Exception {
        KillTest test = new KillTest();
        test.scratch = scratch;
        test.needStrace();
        test.jvm = Jvm.plain().before(List.of(mutant.writeTo(scratch.resolve("mutant"))));
        for (Point point : test.points(List.of(WriteOperation.PROMOTE))) {
            if (point.call().changes()) {
                test.kill(point);
            }
        }
    }

    /** Every call that a run makes which nobody disturbs. */
    private List<Point> points(List<WriteOperation> operations) throws Exception {
        List<Point> runs = new ArrayList<>();
        for (WriteOperation operation : operations) {
            for (Form form : Form.values()) {
                runs.add(new Point(operation, form, new Strace.Call("none", 0, false)));
            }
        }
        List<Point> points = Collections.synchronizedList(new ArrayList<>());
        Sampling.run(runs, System.nanoTime() + LONG.toNanos(), run -> {
            Path place = stages.build(run.operation(), run.form());
            Ending ending = run(run, place, List.of());
            assertThat(ending.acknowledged())
                    .as("an undisturbed run of " + run.operation())
                    .isTrue();
            run.operation()
                    .different(ending.calls())
                    .forEach(call -> points.add(new Point(run.operation(), run.form(), call)));
            stages.remove(place);
        });
        points.sort(Comparator.comparing(Point::toString));
        return points;
    }

    private void kill(Point point) throws IOException {
        Path place = stages.build(point.operation(), point.form());
        try {
            Ending ending = run(
                    point,
                    place,
                    List.of(point.call().name() + ":signal=KILL:when="
                            + point.call().number()));
            kills.addAndGet(ending.exit() == KILLED ? 1 : 0);
            assertThat(ending.exit()).isIn(0, KILLED);
            check(point, Stages.registry(place), ending);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "Killed at " + point + " (repeat with: bin/crash-test kill '" + point + "'): " + e.getMessage(), e);
        }
        stages.remove(place);
    }

    private void check(Point point, Path root, Ending ending) {
        RegistryFolder left = RegistryFolder.read(root);
        left.assertSound(point.form());
        assertThat(left.temporaries()).hasSizeLessThanOrEqualTo(point.form().mostTemporaries());
        leftBehind.addAndGet(left.temporaries().size());
        try (Client next = Client.of(root, point.form())) {
            if (point.operation().needsRegistry()) {
                point.operation().assertDone(next, Victim.WARM_MODEL);
            }
            if (ending.acknowledged()) {
                point.operation().assertDone(next, Victim.MODEL);
            }
            assertThat(point.operation().standing(next, Victim.MODEL)).isLessThanOrEqualTo(1);

            point.operation().repeat(next, Victim.MODEL);

            point.operation().assertDone(next, Victim.MODEL);
        }
        RegistryFolder mended = RegistryFolder.read(root);
        mended.assertSound(point.form());
        mended.assertSweptTomorrow(point.form());
    }

    /** How a victim's life ended: its exit value, whether it acknowledged what it was killed in, and the calls it made. */
    private record Ending(int exit, boolean acknowledged, List<Strace.Call> calls) {}

    private Ending run(Point point, Path place, List<String> injections) throws IOException {
        Process victim = jvm.start(Victim.class, point.operation(), point.form(), Stages.registry(place));
        try (BufferedReader said = victim.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).isEqualTo(Victim.WARMED_UP);
            String ready = said.readLine();
            assertThat(ready).startsWith(Victim.READY);
            String thread = ready.substring(Victim.READY.length());
            Strace strace = Strace.attach(thread, place, Strace.CHANGING, injections);
            try (strace) {
                Jvm.letGo(victim);
                boolean acknowledged = Victim.DONE.equals(said.readLine());
                return new Ending(victim.waitFor(), acknowledged, strace.calls());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        } finally {
            victim.destroyForcibly();
        }
    }
}
