package io.modelregistry.store.s3;

/** Lets calls that have begun end before what they use is closed, and none begin after. Thread-safe; no monitor is held during a call. */
final class CallsUnderWay {
    private final String location;
    private final Runnable whenAllHaveEnded;
    private int underWay;
    private boolean closed;

    CallsUnderWay(String location, Runnable whenAllHaveEnded) {
        this.location = location;
        this.whenAllHaveEnded = whenAllHaveEnded;
    }

    synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("This client of " + location + " is closed");
        }
    }

    synchronized void begin() {
        requireOpen();
        underWay++;
    }

    void end() {
        if (isLast(-1)) {
            whenAllHaveEnded.run();
        }
    }

    /** Idempotent. Returns at once; the last call under way closes what is used. */
    void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (isLast(0)) {
            whenAllHaveEnded.run();
        }
    }

    private synchronized boolean isLast(int change) {
        underWay += change;
        return closed && underWay == 0;
    }
}
