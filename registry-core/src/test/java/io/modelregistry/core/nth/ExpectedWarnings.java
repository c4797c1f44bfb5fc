package io.modelregistry.core.nth;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps warnings that faults are bound to cause out of the log while it is open, and counts them; everything else passes. slf4j-simple writes to whatever the
 * standard error stream is at the time, each message with one {@code println}.
 */
final class ExpectedWarnings extends PrintStream {
    private final PrintStream log;
    private final String text;
    private final AtomicLong count = new AtomicLong();

    ExpectedWarnings(String text) {
        super(System.err, true);
        this.log = System.err;
        this.text = text;
        System.setErr(this);
    }

    @Override
    public void println(String line) {
        if (line != null && line.contains(" WARN ") && line.contains(text)) {
            count.incrementAndGet();
        } else {
            log.println(line);
        }
    }

    long count() {
        return count.get();
    }

    @Override
    public void close() {
        System.setErr(log);
    }
}
