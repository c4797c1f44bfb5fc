package io.modelregistry.testkit;

/** A call as it goes to the store; sent again, it goes there again. */
@FunctionalInterface
interface Request<T> {
    T send();
}
