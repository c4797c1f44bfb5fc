/**
 * What it takes to test a store, and code that uses one. Published, so that backends outside this project can use it.
 *
 * <p>Who writes a backend starts at {@link io.modelregistry.testkit.StorageBackendContract} and needs nothing else. Who
 * tests the registry opens clients of a {@link io.modelregistry.storage.MemoryStore}, wraps them in a
 * {@link io.modelregistry.testkit.FaultyBackend} to let them fail or in a
 * {@link io.modelregistry.testkit.CountingBackend} to count requests, and controls time with a
 * {@link io.modelregistry.testkit.ManualHost}.
 *
 * <p>Nothing here sleeps or reads a real clock, and nothing knows what a model is.
 */
@NullMarked
package io.modelregistry.testkit;

import org.jspecify.annotations.NullMarked;
