package io.modelregistry.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Phaser;

/** Threads that set off at the same moment, once or round after round. The first failure of any is thrown when all have ended. */
final class Crew {

    /** What each of the threads does. */
    @FunctionalInterface
    interface Task {
        void run(int thread) throws Exception;
    }

    /** What each of the threads does in each round. */
    @FunctionalInterface
    interface RoundTask {
        void run(int thread, int round) throws Exception;
    }

    private Crew() {}

    static void run(int threads, Task task) throws InterruptedException {
        runRounds(threads, 1, (thread, round) -> task.run(thread));
    }

    static void runRounds(int threads, int rounds, RoundTask task) throws InterruptedException {
        Phaser start = new Phaser(threads);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> crew = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int index = i;
            Thread thread = new Thread(() -> runAll(index, rounds, task, start, failures), "contract-" + i);
            thread.setDaemon(true);
            crew.add(thread);
            thread.start();
        }
        try {
            for (Thread thread : crew) {
                thread.join();
            }
        } finally {
            crew.forEach(Thread::interrupt); // only those that a time limit of the test leaves behind
        }
        if (!failures.isEmpty()) {
            AssertionError failure = new AssertionError(failures.get(0).toString(), failures.get(0));
            failures.stream().skip(1).limit(10).forEach(failure::addSuppressed);
            throw failure;
        }
    }

    private static void runAll(int thread, int rounds, RoundTask task, Phaser start, List<Throwable> failures) {
        try {
            for (int round = 0; round < rounds; round++) {
                start.arriveAndAwaitAdvance();
                task.run(thread, round);
            }
        } catch (Throwable e) { // assertion errors too; the others go on without this thread
            failures.add(e);
        } finally {
            start.arriveAndDeregister();
        }
    }
}
