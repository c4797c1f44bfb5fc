package io.modelregistry.core.serving;

import io.modelregistry.core.log.AtWork;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * What a handle does in the background, on threads of an executor that may have one, be full or be shut down: who waits for it does what hasn't begun.
 * Thread-safe.
 */
final class Tasks {
    private final Queue<Task> waiting = new ConcurrentLinkedQueue<>();
    private final AtWork atWork = new AtWork();

    private final class Task implements Runnable {
        private final Runnable work;

        Task(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (waiting.remove(this)) {
                during(work);
            }
        }
    }

    /** Hands work to an executor. When that throws, whatever it is, the work won't be done. */
    void execute(Executor executor, Runnable work) {
        Task task = new Task(work);
        waiting.add(task);
        try {
            executor.execute(task);
        } catch (RuntimeException | Error e) { // full, shut down, or no memory for a thread
            if (waiting.remove(task)) {
                throw e;
            }
        }
    }

    /** Does what hasn't begun on the calling thread. */
    void help() {
        waiting.forEach(Task::run);
    }

    /** Does work on the calling thread. */
    void during(Runnable work) {
        atWork.during(work);
    }

    /** Whether the calling thread does some of it, and would wait for itself. */
    boolean isCaller() {
        return atWork.isCaller();
    }
}
