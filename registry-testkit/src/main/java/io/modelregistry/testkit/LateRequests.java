package io.modelregistry.testkit;

import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Requests of one client that are still on their way to the store. They outlive the client, so the connection is closed when both
 * are gone. Thread-safe; a request lands outside the lock.
 */
final class LateRequests {
    private final StorageBackend connection;
    private final List<Late> underWay = new ArrayList<>(); // both guarded by this
    private boolean clientIsGone;

    LateRequests(StorageBackend connection) {
        this.connection = connection;
    }

    synchronized void add(InjectedFault fault, Request<?> request) {
        long dueAt = fault.fault().at() < 0
                ? Long.MAX_VALUE
                : fault.call().number() + fault.fault().at();
        underWay.add(new Late(dueAt, request));
    }

    synchronized int size() {
        return underWay.size();
    }

    int landAll() {
        return landDue(Long.MAX_VALUE);
    }

    /** Lands what is due before the call of this number; how many requests that were. */
    int landDue(long callNumber) {
        List<Late> due = takeDue(callNumber);
        for (Late late : due) {
            try {
                late.request().send();
            } catch (StorageException e) {
                // nobody is left to hear the answer
            }
        }
        if (!due.isEmpty()) {
            closeIfDone();
        }
        return due.size();
    }

    void closeWhenLanded() {
        synchronized (this) {
            clientIsGone = true;
        }
        closeIfDone();
    }

    private synchronized List<Late> takeDue(long callNumber) {
        List<Late> due = new ArrayList<>();
        for (Iterator<Late> each = underWay.iterator(); each.hasNext(); ) {
            Late late = each.next();
            if (late.dueAt() <= callNumber) {
                due.add(late);
                each.remove();
            }
        }
        return due;
    }

    private void closeIfDone() {
        boolean done;
        synchronized (this) {
            done = clientIsGone && underWay.isEmpty();
        }
        if (done) {
            connection.close();
        }
    }

    private record Late(long dueAt, Request<?> request) {}
}
