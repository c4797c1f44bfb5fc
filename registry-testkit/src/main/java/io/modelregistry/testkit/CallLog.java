package io.modelregistry.testkit;

import java.util.ArrayList;
import java.util.List;

/** What happened to one client. Thread-safe. */
final class CallLog {
    private final List<Call> calls = new ArrayList<>(); // both guarded by this
    private final List<InjectedFault> faults = new ArrayList<>();

    synchronized void add(Call call) {
        calls.add(call);
    }

    synchronized void add(InjectedFault fault) {
        faults.add(fault);
    }

    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized List<InjectedFault> faults() {
        return List.copyOf(faults);
    }
}
