package io.modelregistry.testkit;

/**
 * One call of a backend, as a wrapper saw it begin.
 *
 * @param number counts the calls of one wrapper, from 1
 * @param key the prefix for {@link Operation#LIST}, empty for {@link Operation#STORE_TIME}
 */
public record Call(long number, Operation operation, String key) {

    /** {@code #3 create models/a/0000000001.json}. */
    @Override
    public String toString() {
        return "#" + number + " " + operation + (key.isEmpty() ? "" : " " + key);
    }
}
