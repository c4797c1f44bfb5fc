package io.modelregistry.core.artifact;

import io.modelregistry.version.Progress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener about one phase of a transfer, seldom enough and one call at a time, whatever it throws.
 * Thread-safe.
 */
public final class ProgressMeter {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressMeter.class);
    private static final int EVENTS = 100;

    private final Progress listener;
    private final Progress.Phase phase;
    private final long totalBytes;
    private final long step;
    private final AtomicLong done = new AtomicLong();
    private final ReentrantLock telling = new ReentrantLock();
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile long next;

    public ProgressMeter(Progress listener, Progress.Phase phase, long totalBytes) {
        this.listener = listener;
        this.phase = phase;
        this.totalBytes = totalBytes;
        this.step = Math.max(1, totalBytes / EVENTS);
        this.next = step;
    }

    /** For work that nobody listens to. */
    static ProgressMeter silent() {
        return new ProgressMeter(Progress.none(), Progress.Phase.VERIFY, 0);
    }

    /** So many more bytes are done. A thread that comes while another tells the listener goes on without telling. */
    public void add(String file, long bytes) {
        if (bytes > 0 && done.addAndGet(bytes) >= next && telling.tryLock()) {
            try {
                long now = doneBytes();
                if (now >= next) {
                    next = now + step;
                    tell(new Progress.Event(phase, file, now, totalBytes));
                }
            } finally {
                telling.unlock();
            }
        }
    }

    /** The phase is over. */
    public void finish() {
        telling.lock();
        try {
            tell(new Progress.Event(phase, null, doneBytes(), totalBytes));
        } finally {
            telling.unlock();
        }
    }

    /** A file that grew since it was counted doesn't bring more than all. */
    private long doneBytes() {
        return Math.min(done.get(), totalBytes);
    }

    private void tell(Progress.Event event) {
        try {
            listener.on(event);
        } catch (RuntimeException e) {
            if (warned.compareAndSet(false, true)) {
                LOG.warn("A progress listener failed; the transfer goes on, and further failures aren't logged", e);
            }
        }
    }
}
