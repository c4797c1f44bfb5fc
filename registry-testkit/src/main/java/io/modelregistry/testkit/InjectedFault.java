package io.modelregistry.testkit;

/** A fault that did occur, and the call it befell. */
public record InjectedFault(Call call, Fault fault) {

    @Override
    public String toString() {
        return call + ": " + fault;
    }
}
