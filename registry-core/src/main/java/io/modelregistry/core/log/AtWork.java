package io.modelregistry.core.log;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Threads that do some work, so that none of them waits for it to end. Thread-safe. */
public final class AtWork {
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** Does some of it on the calling thread. */
    public void during(Runnable work) {
        boolean outermost = threads.add(Thread.currentThread());
        try {
            work.run();
        } finally {
            if (outermost) {
                threads.remove(Thread.currentThread());
            }
        }
    }

    /** Whether the calling thread does some of it, and would wait for itself. */
    public boolean isCaller() {
        return threads.contains(Thread.currentThread());
    }
}
