/**
 * Histories of what clients did at the same time, and whether a stream could have answered so. Published, so that tests of other backends can use it.
 *
 * <p>Start at {@link io.modelregistry.testkit.linearizability.RegistryLoad}, which makes several registries on one store change and read one model and checks
 * what they were told. {@link io.modelregistry.testkit.linearizability.StreamLinearizability} is the check; {@link
 * io.modelregistry.testkit.linearizability.History} records other operations for it.
 *
 * <p>Times are those of a clock that the caller hands in, {@code System::nanoTime} as a rule. Its values may be compared between the threads of a process; on Linux also
 * between the processes of one machine, because there it reads {@code CLOCK_MONOTONIC}.
 */
@NullMarked
package io.modelregistry.testkit.linearizability;

import org.jspecify.annotations.NullMarked;
