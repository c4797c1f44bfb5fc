package io.modelregistry.core.serving;

import java.util.concurrent.atomic.AtomicInteger;

/** What a loader makes of a version in these tests: knows whether it was closed, and refuses to answer then. */
final class FakeModel implements AutoCloseable {
    private final long version;
    private final AtomicInteger closes = new AtomicInteger();

    FakeModel(long version) {
        this.version = version;
    }

    /** The version that answers. */
    long predict() {
        if (closes.get() > 0) {
            throw new AssertionError("Version " + version + " was closed while it was used");
        }
        return version;
    }

    int closes() {
        return closes.get();
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}
