package io.modelregistry.store.gcs;

import io.modelregistry.Host;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** The moment an operation must be over: a socket's own timeout begins again with every byte. */
record Deadline(Host host, Duration timeout, long end) {

    static Deadline in(Host host, Duration timeout) {
        return new Deadline(host, timeout, host.nanoTime() + timeout.toNanos());
    }

    void check() throws SocketTimeoutException {
        if (end - host.nanoTime() <= 0) {
            throw new SocketTimeoutException("The answer was not complete after " + timeout.toSeconds() + " s");
        }
    }
}
